import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Refusal } from '../../src/diagnostics.js';
import { apply, recover } from '../../src/emit/apply.js';
import type { Fs } from '../../src/emit/disk.js';
import { hash } from '../../src/emit/journal.js';
import { changesBetween, type Files, newFiles, oldFiles, refusalOf, writeFiles } from '../emit/disk.js';
import { type Call, systemError, watched } from '../emit/faulty.js';
import { snapshotTree, tempFolder } from '../support/temp.js';

function project(files: Files = oldFiles): string {
  const root = tempFolder();
  writeFiles(root, files);
  return root;
}

const changes = changesBetween(oldFiles, newFiles);

const filesOnly = (tree: Files): Files =>
  Object.fromEntries(Object.entries(tree).filter(([path]) => !path.endsWith('/')));

const whole = { old: snapshotTree(project(oldFiles)), new: snapshotTree(project(newFiles)) };

/** `old` or `new`, when the tree is wholly that and nothing is left over. `folders: false` overlooks empty folders. */
function stateOf(root: string, { folders = true } = {}): 'old' | 'new' | Files {
  const tree = snapshotTree(root);
  const form = (files: Files) => JSON.stringify(folders ? files : filesOnly(files));
  const state = (['old', 'new'] as const).find((each) => form(whole[each]) === form(tree));
  return state ?? tree;
}

/** No file of the project is ever half written or missing. */
function expectOldOrNew(root: string): void {
  const tree = snapshotTree(root);
  for (const { path, before, after } of changes) {
    expect([path, [before, after].includes(tree[path])]).toEqual([path, true]);
  }
}

/** The calls of an undisturbed run, in their order. */
function callsOf(run: (fs: Fs) => void): readonly Call[] {
  const seen: Call[] = [];
  run(watched((_, call) => void seen.push(call)));
  return seen;
}

const seen = callsOf((fs) => apply(changes, project(), fs));
const everyCall = seen.map((_, index) => index + 1);
/** The end of a run before any other call leaves the disk as the end before the next one of these. */
const everyWrite = everyCall.filter((number) =>
  /^(?:open|write|fchmod|rename|mkdir|rmdir|unlink)/.test(seen[number - 1]!),
);

test('an undisturbed run is long enough to be worth disturbing', () => {
  expect(everyWrite.length).toBeGreaterThan(50);
});

describe('one call fails', () => {
  test.each(['EACCES', 'ENOSPC'])('with %s: everything is old and clean, or the run goes on', (code) => {
    for (const fatal of everyCall) {
      const root = project();
      let failed: Call | undefined;
      const fs = watched((number, call, half) => {
        if (number !== fatal) return;
        failed = call;
        half();
        throw systemError(code);
      });
      const refusal = refusalOf(() => apply(changes, root, fs));
      const state = stateOf(root, { folders: failed !== 'rmdirSync' });
      expect([fatal, failed, state]).toEqual([fatal, failed, refusal === 'no refusal' ? 'new' : 'old']);
      if (refusal !== 'no refusal') expect(refusal).toMatch(/^OG4006 .*\((EACCES|ENOSPC)\)/);
    }
  });

  test('with an error that is a bug: everything is old as well, and the error comes out as it is', () => {
    for (const fatal of everyCall.filter((number) => seen[number - 1] === 'renameSync')) {
      const root = project();
      const fs = watched((number) => {
        if (number === fatal) throw new TypeError('a bug');
      });
      expect(() => apply(changes, root, fs)).toThrow(TypeError);
      expect(stateOf(root)).toBe('old');
    }
  });

  test('the modes of files come back too', () => {
    const root = project();
    chmodSync(join(root, 'src/main.ts'), 0o755);
    const fs = watched((_, call) => {
      if (call === 'rmdirSync') throw new TypeError('after all steps');
    });
    apply(changes, root, fs);
    expect(statSync(join(root, 'src/main.ts')).mode & 0o777).toBe(0o755);
    const again = project();
    chmodSync(join(again, 'src/main.ts'), 0o755);
    let unlinked = 0;
    const late = watched((_, call) => {
      if (call === 'unlinkSync' && ++unlinked === 6) throw systemError('EIO');
    });
    expect(refusalOf(() => apply(changes, again, late))).toMatch(/EIO/);
    expect(stateOf(again)).toBe('old');
    expect(statSync(join(again, 'src/main.ts')).mode & 0o777).toBe(0o755);
  });
});

/** From the given call on nothing reaches the disk any more, as when the process is killed there. */
const dead = (fatal: number) =>
  watched((number, _, half) => {
    if (number < fatal) return;
    if (number === fatal) half();
    throw systemError('EIO');
  });

describe('the run ends at any call', () => {
  test('each file is old or new, and recover makes all of them one or the other', () => {
    const outcomes = new Set<string>();
    for (const fatal of everyWrite) {
      const root = project();
      refusalOf(() => apply(changes, root, dead(fatal)));
      expectOldOrNew(root);
      const outcome = recover(root);
      const state = stateOf(root);
      expect([fatal, state]).toEqual([fatal, outcome === 'finished' ? 'new' : outcome === 'undone' ? 'old' : state]);
      expect(['old', 'new']).toContain(state);
      expect(recover(root)).toBe('nothing');
      outcomes.add(outcome);
    }
    expect([...outcomes].sort()).toEqual(['finished', 'nothing', 'undone']);
  });

  test('also when recover itself is cut off at any call, and again', () => {
    for (const fatal of everyWrite.filter((_, index) => index % 5 === 0)) {
      for (let second = 1; second < 60; second += 3) {
        const root = project();
        refusalOf(() => apply(changes, root, dead(fatal)));
        refusalOf(() => recover(root, dead(second)));
        expectOldOrNew(root);
        recover(root);
        expect(['old', 'new']).toContain(stateOf(root));
      }
    }
  });

  test('also while it takes back what it did', () => {
    const step = seen.indexOf('renameSync');
    for (let fatal = step; fatal < step + 120; fatal++) {
      const root = project();
      let steps = 0;
      const fs = watched((number, call, half) => {
        if (call === 'renameSync' && ++steps === 5) throw systemError('EBUSY');
        if (number < fatal || steps < 5) return;
        if (number === fatal) half();
        throw systemError('EIO');
      });
      expect(refusalOf(() => apply(changes, root, fs))).toMatch(/EBUSY/);
      expectOldOrNew(root);
      recover(root);
      expect(['old', 'new']).toContain(stateOf(root));
    }
  });

  test('a second run does not start before the first is settled', () => {
    const root = project();
    const fatal = everyCall.find((number) => {
      const probe = project();
      refusalOf(() => apply(changes, probe, dead(number)));
      return existsSync(join(probe, '.opgen/journal.json'));
    })!;
    refusalOf(() => apply(changes, root, dead(fatal)));
    expect(refusalOf(() => apply(changes, root))).toMatch(/^OG4006 `.opgen\/journal.json` must be settled/);
    expect(recover(root)).toBe('undone');
    apply(changes, root);
    expect(stateOf(root)).toBe('new');
  });
});

describe('a process is killed', () => {
  const program = join(tempFolder(), 'child.mjs');
  beforeAll(async () => {
    await build({
      entryPoints: ['test/emit/child.ts'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: program,
    });
  });
  const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

  test('at every call: each file is old or new, and recover makes all of them one or the other', () => {
    const outcomes = new Set<string>();
    for (const fatal of everyWrite) {
      const root = project();
      const { signal, stderr } = run('apply', root, String(fatal));
      expect([fatal, signal, stderr]).toEqual([fatal, 'SIGKILL', '']);
      expectOldOrNew(root);
      outcomes.add(recover(root));
      expect(['old', 'new']).toContain(stateOf(root));
    }
    expect([...outcomes].sort()).toEqual(['finished', 'nothing', 'undone']);
  });
});

/** A project in which a run was cut off after its first steps. */
function interrupted(): string {
  for (const fatal of [...everyWrite].reverse()) {
    const root = project();
    refusalOf(() => apply(changes, root, dead(fatal)));
    const { 'config/rbac/role.yaml': role, 'src/main.ts': main } = snapshotTree(root);
    if (role === newFiles['config/rbac/role.yaml'] && main === oldFiles['src/main.ts']) return root;
  }
  throw new Error('no call is between the two files');
}

describe('recover trusts nobody', () => {
  test('an edit made since then is not overwritten, and nothing else is changed either', () => {
    const root = interrupted();
    writeFileSync(join(root, 'src/main.ts'), 'edited meanwhile\n');
    const before = snapshotTree(root);
    expect(refusalOf(() => recover(root))).toMatch(/^OG4012 `src\/main.ts` must be as the last run of opgen left it/);
    expect(snapshotTree(root)).toEqual(before);
  });

  test('an edit of a file that is new already does no harm', () => {
    const root = interrupted();
    expect(recover(root)).toBe('finished');
    expect(stateOf(root)).toBe('new');
  });

  const digest = hash(Buffer.from('canary'));
  const journal = (change: object) =>
    JSON.stringify({
      version: 1,
      phase: 'committing',
      outcome: 'finished',
      steps: [],
      leftovers: [],
      folders: [],
      ...change,
    });

  test.each([
    ['not JSON', '{', /^OG4006/],
    ['another version', journal({ version: 2 }), /^OG4006/],
    [
      'a deletion out of the root',
      journal({ steps: [{ path: '../canary.txt', before: digest, after: null }] }),
      /^OG4006/,
    ],
    [
      'a deletion behind a link',
      journal({ steps: [{ path: 'out/canary.txt', before: digest, after: null }] }),
      /^OG4005/,
    ],
    ['a temporary file behind a link', journal({ leftovers: ['out/.opgen-1-1.new'] }), /^OG4005/],
    ['a temporary file that is none', journal({ leftovers: ['PROJECT'] }), /^OG4006/],
    [
      'a rename of a file that is not temporary',
      journal({ steps: [{ path: 'x', temp: 'PROJECT', before: null, after: digest }] }),
      /^OG4006/,
    ],
    ['a folder out of the root', journal({ folders: ['../empty'] }), /^OG4006/],
    [
      'a deletion of a file with other content',
      journal({ steps: [{ path: 'PROJECT', before: digest, after: null }] }),
      /^OG4012/,
    ],
  ])('a journal with %s is refused', (_, text, problem) => {
    const base = tempFolder();
    const root = join(base, 'project');
    writeFiles(base, { 'canary.txt': 'canary', 'outside/canary.txt': 'canary', 'outside/.opgen-1-1.new': 'canary' });
    writeFiles(root, { PROJECT: 'p', '.opgen/journal.json': text });
    symlinkSync('../outside', join(root, 'out'));
    const before = snapshotTree(base);
    expect(refusalOf(() => recover(root))).toMatch(problem);
    expect(snapshotTree(base)).toEqual(before);
  });

  test('without a journal there is nothing to do', () => {
    const root = project();
    expect(recover(root)).toBe('nothing');
    expect(recover(join(root, 'missing'))).toBe('nothing');
    expect(stateOf(root)).toBe('old');
  });
});

test('a failure that cannot be taken back says how it ends', () => {
  const root = project();
  const fatal = everyCall.at(-10)!;
  try {
    apply(changes, root, dead(fatal));
    expect.unreachable();
  } catch (error) {
    const hints = (error as Refusal).diagnostics.map((each) => each.hint ?? '');
    expect(hints.join()).toContain('which finishes or undoes it first');
  }
});
