import nodeFs, { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InternalError, Refusal } from '../../src/diagnostics.js';
import { apply } from '../../src/emit/apply.js';
import type { Sourced } from '../../src/emit/artifact.js';
import type { Fs } from '../../src/emit/disk.js';
import { type Change, plan } from '../../src/emit/plan.js';
import { diskTree } from '../../src/emit/tree.js';
import { snapshotTree, tempFolder } from '../support/temp.js';
import { changesBetween, newFiles, oldFiles, refusalOf, writeFiles } from './disk.js';
import { systemError, watched } from './faulty.js';

function projectWith(files: Readonly<Record<string, string>>): string {
  const root = tempFolder();
  writeFiles(root, files);
  return root;
}

const create = (path: string, after = 'x\n'): Change => ({
  path,
  action: 'create',
  after,
  owner: 'opgen',
  source: 'test',
});
const update = (path: string, before: string, after = 'x\n'): Change => ({
  ...create(path, after),
  action: 'update',
  before,
});
const remove = (path: string, before: string): Change => ({
  path,
  action: 'delete',
  before,
  owner: 'opgen',
  source: 'test',
});

test('all changes are made, emptied folders go, nothing else is left behind', () => {
  const root = projectWith(oldFiles);
  apply(changesBetween(oldFiles, newFiles), root);
  expect(snapshotTree(root)).toEqual(snapshotTree(projectWith(newFiles)));
});

test('changes that keep everything touch nothing', () => {
  const root = projectWith(oldFiles);
  const failing = watched(() => {
    throw new Error('the disk was touched');
  });
  apply(changesBetween(oldFiles, oldFiles), root, failing);
  expect(snapshotTree(root)).toEqual(snapshotTree(projectWith(oldFiles)));
});

test('a root that does not exist is created, and removed again when nothing can be written', () => {
  const base = tempFolder();
  apply([create('a/b.txt')], join(base, 'new/project'));
  expect(readFileSync(join(base, 'new/project/a/b.txt'), 'utf8')).toBe('x\n');
  expect(refusalOf(() => apply([update('a.txt', 'old')], join(base, 'other/project')))).toMatch(/^OG4012/);
  expect(existsSync(join(base, 'other'))).toBe(false);
});

test('new files have mode 0644 whatever the umask is; existing ones keep theirs', () => {
  const root = projectWith({ 'run.sh': 'old', 'secret.txt': 'old' });
  chmodSync(join(root, 'run.sh'), 0o755);
  chmodSync(join(root, 'secret.txt'), 0o600);
  const umask = process.umask(0o077);
  try {
    apply([create('new.txt'), update('run.sh', 'old'), update('secret.txt', 'old')], root);
  } finally {
    process.umask(umask);
  }
  const modes = ['new.txt', 'run.sh', 'secret.txt'].map((path) =>
    (statSync(join(root, path)).mode & 0o777).toString(8),
  );
  expect(modes).toEqual(['644', '755', '600']);
});

describe('what stands in the way is found before anything is written', () => {
  const files = { 'a.txt': 'a', 'folder/b.txt': 'b' };
  test.each([
    [
      'a file that changed since the plan',
      update('a.txt', 'other'),
      /^OG4012 `a.txt` must stay as it is .* it has changed/,
    ],
    ['a file that is gone', update('none.txt', 'x'), /^OG4012 .* it is gone/],
    ['a file to delete that changed', remove('a.txt', 'other'), /^OG4012 .* it has changed/],
    ['a file that appeared', create('a.txt'), /^OG4012 .* it exists now/],
    [
      'a folder with the name of the file',
      create('folder'),
      /^OG4006 `folder` must be a file, but a folder has its name/,
    ],
    [
      'a file with the name of a folder',
      create('a.txt/b'),
      /^OG4006 .*a file stands where a folder is needed \(ENOTDIR\)/,
    ],
    [
      'a link to a file out of the root',
      update('out.txt', 'canary'),
      /^OG4005 .*`out.txt` is a symlink that leads out/,
    ],
    ['a link to a folder out of the root', create('out/x.txt'), /^OG4005 .*`out` is a symlink that leads out/],
    ['a deletion behind a link out of the root', remove('out/canary.txt', 'canary'), /^OG4005 .*`out` is a symlink/],
    ['a link to nothing', create('dangling.txt'), /^OG4005 .*leads to nothing/],
    ['a path out of the root', create('../up.txt'), /^OG4005 /],
    ['two names for one file', update('link.txt', 'a'), /^OG4005 .*a symlink makes it the same file as `a.txt`/],
  ])('%s', (_, change, problem) => {
    const base = tempFolder();
    const root = join(base, 'project');
    writeFiles(base, { 'outside/canary.txt': 'canary' });
    writeFiles(root, files);
    symlinkSync('../outside/canary.txt', join(root, 'out.txt'));
    symlinkSync('../outside', join(root, 'out'));
    symlinkSync('nowhere', join(root, 'dangling.txt'));
    symlinkSync('a.txt', join(root, 'link.txt'));
    const before = snapshotTree(base);
    const others = change.path.startsWith('a.txt') ? [] : [update('a.txt', 'a')];
    expect(refusalOf(() => apply([create('new/file.txt'), ...others, change], root))).toMatch(problem);
    expect(snapshotTree(base)).toEqual(before);
  });

  test('all problems are reported at once', () => {
    const root = projectWith(files);
    try {
      apply([create('a.txt'), create('ok.txt'), create('folder'), create('../up')], root);
      expect.unreachable();
    } catch (error) {
      expect((error as Refusal).diagnostics.map((each) => each.code)).toEqual(['OG4012', 'OG4006', 'OG4005']);
    }
  });

  test('a folder .opgen that leads out of the root is not used for the journal', () => {
    const base = tempFolder();
    mkdirSync(join(base, 'outside'));
    writeFiles(join(base, 'project'), files);
    symlinkSync('../outside', join(base, 'project/.opgen'));
    const before = snapshotTree(base);
    expect(refusalOf(() => apply([create('new.txt')], join(base, 'project')))).toMatch(/^OG4005/);
    expect(snapshotTree(base)).toEqual(before);
  });

  test('a plan with a conflict is a bug of the caller', () => {
    const root = projectWith(files);
    expect(() => apply([{ ...update('a.txt', 'a'), action: 'conflict' }], root)).toThrow(InternalError);
  });
});

test('a link inside the root is followed: the file behind it is rewritten, the link stays', () => {
  const root = projectWith({ 'docs/a.md': 'old', 'real/b.md': 'old' });
  symlinkSync('docs', join(root, 'pages'));
  symlinkSync('../real/b.md', join(root, 'docs/b.md'));
  apply([update('pages/a.md', 'old', 'new'), update('docs/b.md', 'old', 'new'), create('pages/c/d.md')], root);
  expect(snapshotTree(root)).toMatchObject({
    'docs/a.md': 'new',
    'docs/b.md': 'link:../real/b.md',
    'docs/c/d.md': 'x\n',
    'real/b.md': 'new',
    pages: 'link:docs',
  });
});

test('deleting a link deletes the link', () => {
  const root = projectWith({ 'a.txt': 'a' });
  symlinkSync('a.txt', join(root, 'link.txt'));
  apply([remove('link.txt', 'a')], root);
  expect(snapshotTree(root)).toEqual({ 'a.txt': 'a' });
});

describe('an error of the system is a sentence with the file, and the files are as they were', () => {
  const failing = (call: keyof Fs, code: string, when: (args: readonly unknown[]) => boolean): Fs => {
    const real = nodeFs[call] as (...args: unknown[]) => unknown;
    const fake = (...args: unknown[]) => {
      if (when(args)) throw systemError(code);
      return real(...args);
    };
    return { ...nodeFs, [call]: fake };
  };
  const about = (name: string) => (args: readonly unknown[]) => args.some((each) => String(each).endsWith(name));

  test.each([
    [
      'a read-only folder',
      failing('accessSync', 'EACCES', about('src')),
      /`src\/generated\/v1\/memcached.ts` must be writable, but permission is denied \(EACCES\)/,
    ],
    [
      'a read-only file',
      failing('accessSync', 'EPERM', about('role.yaml')),
      /`config\/rbac\/role.yaml` must be writable, but the operation is not permitted \(EPERM\)/,
    ],
    [
      'a read-only file system',
      failing('mkdirSync', 'EROFS', about('.opgen')),
      /the file system is read-only \(EROFS\)/,
    ],
    [
      'a full disk',
      failing('writeFileSync', 'ENOSPC', ([, bytes]) => String(bytes) === 'new role\n'),
      /the disk is full \(ENOSPC\)/,
    ],
    [
      'a file in use',
      failing('renameSync', 'EBUSY', about('main.ts')),
      /`src\/main.ts` must be writable, but it is in use \(EBUSY\)/,
    ],
    [
      'a file that cannot be read',
      failing('readFileSync', 'EIO', about('main.ts')),
      /`src\/main.ts` must be readable, but the disk reports an error \(EIO\)/,
    ],
    [
      'an error without a sentence',
      failing('unlinkSync', 'EWHATEVER', about('crd/gone.yaml')),
      /the system refuses \(EWHATEVER\)/,
    ],
  ])('%s', (_, fs, problem) => {
    const root = projectWith(oldFiles);
    const before = snapshotTree(root);
    const refusal = refusalOf(() => apply(changesBetween(oldFiles, newFiles), root, fs));
    expect(refusal).toMatch(/^OG4006/);
    expect(refusal).toMatch(problem);
    expect(snapshotTree(root)).toEqual(before);
  });
});

/** Names that are near to one another, so that plans meet files of earlier ones. */
const safePath = fc
  .tuple(fc.array(fc.constantFrom('a', 'src', 'ü'), { maxLength: 2 }), fc.constantFrom('x.ts', 'y.yaml'))
  .map(([folders, name]) => [...folders, name].join('/'));
const content = fc.array(fc.constantFrom('one\n', 'two\n', '\r\n', 'ende')).map((parts) => parts.join(''));
const artifact = fc.record({
  path: safePath,
  owner: fc.constantFrom('opgen', 'user', 'shared'),
  content,
  source: fc.constantFrom('crds', 'rbac'),
});

function asArtifact({
  path,
  owner,
  content: text,
  source,
}: {
  path: string;
  owner: string;
  content: string;
  source: string;
}): Sourced {
  if (owner === 'opgen' || owner === 'user') return { path, owner, content: text, source };
  const edit = (before: string) => (before.includes('edit\n') ? before : `${before}edit\n`);
  return { path, owner: 'shared', initial: text, edit, source };
}

test('after a plan is applied, the same plan keeps everything, byte by byte', () => {
  fc.assert(
    fc.property(fc.array(fc.array(artifact, { maxLength: 5 }), { minLength: 1, maxLength: 3 }), (rounds) => {
      const root = tempFolder();
      for (const round of rounds) {
        const artifacts = round.map(asArtifact);
        const options = { opgenVersion: '1.0.0', sources: ['crds', 'rbac'], force: true };
        const first = plan(artifacts, diskTree(root), options);
        if (first.diagnostics.some((each) => each.severity === 'error')) continue;
        apply(first.value, root);
        const before = snapshotTree(root);
        const second = plan(artifacts, diskTree(root), { opgenVersion: '1.0.0', sources: ['crds', 'rbac'] });
        expect(second.value.filter((change) => change.action !== 'keep')).toEqual([]);
        apply(second.value, root);
        expect(snapshotTree(root)).toEqual(before);
      }
    }),
    { numRuns: 60 },
  );
});

const hostilePath = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('..', '.', '', 'a', '/', '\\', 'C:', '\0', 'out', 'con', 'x.yaml', '~', '%2e%2e'), {
      maxLength: 5,
    })
    .map((parts) => parts.join('/')),
);

test('no path, whatever it is, leads to a write outside the root', () => {
  const base = tempFolder();
  const root = join(base, 'project');
  writeFiles(base, { 'canary.txt': 'alive', 'outside/canary.txt': 'alive', 'project/PROJECT': 'p' });
  symlinkSync('../outside', join(root, 'out'));
  const outside = () => Object.entries(snapshotTree(base)).filter(([path]) => !path.startsWith('project/'));
  const before = outside();
  fc.assert(
    fc.property(hostilePath, (path) => {
      try {
        apply([create(path)], root);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
      expect(outside()).toEqual(before);
    }),
    { numRuns: 300 },
  );
});

test('what the user edited survives, whatever is generated', () => {
  const root = tempFolder();
  const role = (text: string): readonly Sourced[] => [
    { path: 'role.yaml', owner: 'opgen', content: text, source: 'rbac' },
  ];
  apply(plan(role('one\n'), diskTree(root), { opgenVersion: '1' }).value, root);
  writeFileSync(join(root, 'role.yaml'), 'mine\n');
  expect(plan(role('two\n'), diskTree(root), { opgenVersion: '1' }).diagnostics).toMatchObject([{ code: 'OG4001' }]);
  apply(plan(role('two\n'), diskTree(root), { opgenVersion: '1', force: true }).value, root);
  expect(snapshotTree(root)).toMatchObject({ 'role.yaml': 'two\n', 'role.yaml.orig': 'mine\n' });
});
