import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics.js';
import { type Artifact, type Sourced, sourced } from '../../src/emit/artifact.js';
import { manifestPath } from '../../src/emit/manifest.js';
import { type Change, type PlanOptions, plan } from '../../src/emit/plan.js';
import { diskTree, memoryTree } from '../../src/emit/tree.js';
import { caseFolder, casesOf } from '../support/fixtures.js';

interface Input {
  readonly options?: Partial<PlanOptions>;
  readonly artifacts: readonly (Sourced & { readonly append?: string; readonly fail?: string })[];
}

/** A fixture's shared file appends a line that it does not have yet, or finds no anchor. */
function withEdit(artifact: Input['artifacts'][number]): Sourced {
  if (artifact.owner !== 'shared') return artifact;
  const { append = '', fail } = artifact;
  const missing: Diagnostic = { code: 'OG4008', severity: 'error', message: fail ?? '' };
  const edit = (before: string) => (fail ? missing : before.includes(append) ? before : before + append);
  return { ...artifact, edit };
}

function describePlan(changes: readonly Change[], diagnostics: readonly Diagnostic[]): string {
  const problems = diagnostics.map(({ code, severity, message, hint, detail }) =>
    [`${severity} ${code}: ${message}`, ...(hint ? [`hint: ${hint}`] : []), detail ?? ''].join('\n'),
  );
  const files = changes.map(({ action, path, owner, source, before, after }) => {
    const text = before !== after && after !== undefined ? `\n${after.replace(/^(?=.)/gm, '  | ')}` : '\n';
    return `${action} ${path} (${owner}, ${source})${text}`;
  });
  return [...problems, ...files].join('');
}

describe('fixtures', () => {
  test.each(casesOf('plan'))('%s', async (name) => {
    const folder = caseFolder('plan', name);
    const input: Input = JSON.parse(readFileSync(join(folder, 'input.json'), 'utf8'));
    const tree = diskTree(join(folder, 'project'));
    const { value, diagnostics } = plan(input.artifacts.map(withEdit), tree, {
      opgenVersion: '1.0.0',
      ...input.options,
    });
    await expect(describePlan(value, diagnostics)).toMatchFileSnapshot(join(folder, 'plan.txt'));
  });
});

const options: PlanOptions = { opgenVersion: '1.0.0' };
const generated = (content: string): readonly Sourced[] =>
  sourced('crds', [{ path: 'a.yaml', owner: 'opgen', content }]);

/** The files after a plan, as if it had been applied. */
function applied(files: Readonly<Record<string, string>>, changes: readonly Change[]): Record<string, string> {
  const result = { ...files };
  for (const { path, action, after } of changes) {
    if (action === 'delete') delete result[path];
    else if (action !== 'keep') result[path] = after ?? '';
  }
  return result;
}

const actionsOf = (changes: readonly Change[]) => changes.map((change) => `${change.action} ${change.path}`);

describe('a checkout with CRLF', () => {
  const files = applied({}, plan(generated('a: 1\nb: 2\n'), memoryTree({}), options).value);
  const crlf = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]));

  test('is as unchanged as one with LF', () => {
    const { value, diagnostics } = plan(generated('a: 1\nb: 2\n'), memoryTree(crlf), options);
    expect(actionsOf(value)).toEqual(['keep a.yaml', `keep ${manifestPath}`]);
    expect(diagnostics).toEqual([]);
  });

  test('is as unedited as one with LF', () => {
    const { value } = plan(generated('a: 2\n'), memoryTree(crlf), options);
    expect(actionsOf(value)).toEqual(['update a.yaml', `update ${manifestPath}`]);
  });

  test('keeps its line ends in a shared file, and the edit does not see them', () => {
    const seen: string[] = [];
    const edit = (before: string) => {
      seen.push(before);
      return before.includes('new\n') ? before : `${before}new\n`;
    };
    const shared: Artifact = { path: 'main.ts', owner: 'shared', initial: '', edit };
    const { value } = plan(sourced('api', [shared]), memoryTree({ 'main.ts': 'old\r\n' }), options);
    expect(value[0]).toMatchObject({ action: 'update', after: 'old\r\nnew\r\n' });
    expect(seen.join('')).not.toContain('\r');
  });
});

test('an edit that is not idempotent is a bug that is found at once', () => {
  const shared: Artifact = { path: 'main.ts', owner: 'shared', initial: 'x', edit: (before) => `${before}y` };
  expect(() => plan(sourced('api', [shared]), memoryTree({}), options)).toThrow(/main\.ts by api/);
});

test('two spellings of one Unicode name are refused', () => {
  const paths = ['caf\u00e9.yaml', 'cafe\u0301.yaml'];
  const artifacts = paths.map((path): Artifact => ({ path, owner: 'opgen', content: '' }));
  expect(plan(sourced('crds', artifacts), memoryTree({}), options).diagnostics).toMatchObject([{ code: 'OG4005' }]);
});

test('a project whose manifest was deleted gets it back from the files that equal the plan', () => {
  const files = applied({}, plan(generated('a: 1\n'), memoryTree({}), options).value);
  const { [manifestPath]: manifest, ...rest } = files;
  const { value } = plan(generated('a: 1\n'), memoryTree(rest), options);
  expect(actionsOf(value)).toEqual(['keep a.yaml', `create ${manifestPath}`]);
  expect(value.at(-1)?.after).toBe(manifest);
});

test('a command leaves the records of other sources alone', () => {
  const files = applied({}, plan(generated('a: 1\n'), memoryTree({}), options).value);
  const role: Artifact = { path: 'role.yaml', owner: 'opgen', content: 'r' };
  const both = applied(
    files,
    plan(sourced('rbac', [role]), memoryTree(files), { ...options, sources: ['rbac'] }).value,
  );
  expect(Object.keys(both).sort()).toEqual([manifestPath, 'a.yaml', 'role.yaml']);
  expect(both[manifestPath]).toMatch(/a\.yaml.*crds(?:.|\n)*role\.yaml.*rbac/);
});

test('ejecting makes a generated file the user’s, also for later runs', () => {
  const files = applied({}, plan(generated('a: 1\n'), memoryTree({}), options).value);
  const mine = { ...files, 'a.yaml': 'mine\n' };
  const eject: Artifact = { path: 'a.yaml', owner: 'user', content: 'mine\n' };
  const ejected = applied(mine, plan(sourced('crds', [eject]), memoryTree(mine), options).value);
  const later = plan(generated('a: 3\n'), memoryTree(ejected), { ...options, sources: ['crds'] });
  expect(later.diagnostics).toEqual([]);
  expect(actionsOf(later.value)).toEqual(['keep a.yaml', `keep ${manifestPath}`]);
  expect(later.value[0]?.owner).toBe('user');
});

test('nothing to record and nothing recorded makes no manifest', () => {
  expect(actionsOf(plan([], memoryTree({}), options).value)).toEqual([`keep ${manifestPath}`]);
});
