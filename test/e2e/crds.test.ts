import { afterAll, beforeAll, expect, test } from 'vitest';
import { fidelityCases, sourcesOf as twinsOf } from '../../scripts/fidelity/cases.js';
import { hasErrors } from '../../src/diagnostics.js';
import { diskTree } from '../../src/emit/tree.js';
import { projectSources } from '../../src/frontend/files.js';
import { readApi } from '../../src/frontend/index.js';
import { type GenerateOptions, generate } from '../../src/generate.js';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { textOf } from '../support/api.js';
import { describeWithCluster } from '../support/assets.js';
import { caseFolder, casesOf } from '../support/fixtures.js';
import { kubectl } from '../support/kubectl.js';

/** A CRD as opgen writes it, and the fixture that it comes from. */
interface Made {
  readonly from: string;
  readonly group: string;
  readonly name: string;
  /** Names that no other CRD of a cluster may have. */
  readonly claims: readonly string[];
  readonly text: string;
}

async function crdsOf(
  from: string,
  root: string,
  sources: Readonly<Record<string, string>>,
  options: GenerateOptions = {},
): Promise<readonly Made[]> {
  const api = await readApi(root, Object.keys(sources), { overlay: sources });
  const { value, diagnostics } = generate(undefined, api.value, { ...options, only: ['crds'] });
  const errors = [...api.diagnostics, ...diagnostics].filter((each) => hasErrors([each]));
  expect(errors, from).toEqual([]);
  const artifacts = value.artifacts.filter(({ path }) => path.startsWith('config/crd/bases/'));
  expect(artifacts.length, from).toBe(value.crds.length);
  return value.crds.map(({ object }) => {
    const { group, names } = object.spec;
    const artifact = artifacts.find(({ path }) => path.endsWith(`/${group}_${names.plural}.yaml`))!;
    const { kind, listKind, plural, singular, shortNames = [] } = names;
    const claims = [kind, listKind, plural, singular, ...shortNames].map((name) => `${name}.${group}`);
    return { from, group, name: object.metadata.name, claims: [...new Set(claims)], text: textOf(artifact) };
  });
}

async function fromFolders(family: string): Promise<readonly Made[]> {
  const made = casesOf(family).map((name) => {
    const tree = diskTree(caseFolder(family, name));
    const sources = projectSources(tree).map((path) => [path, tree.read(path)!]);
    return crdsOf(`${family}/${name}`, caseFolder(family, name), Object.fromEntries(sources));
  });
  return (await Promise.all(made)).flat();
}

async function fromTwins(): Promise<readonly Made[]> {
  const made = fidelityCases().map((each) => {
    const { maxDescLen } = each.options;
    return crdsOf(each.folder, '/nowhere', twinsOf(each), maxDescLen === undefined ? {} : { maxDescLen });
  });
  return (await Promise.all(made)).flat();
}

/** The CRDs with distinct names: one whose names are taken gets a group of its own below its group. */
function distinct(all: readonly Made[]): readonly Made[] {
  const taken = new Set<string>();
  return all.map((made, index) => {
    const isFree = made.claims.every((claim) => !taken.has(claim));
    for (const claim of made.claims) taken.add(claim);
    return isFree ? made : below(`g${index}`, made);
  });
}

function below(label: string, { group, name, text, ...rest }: Made): Made {
  const renamed = name.replace(group, `${label}.${group}`);
  const moved = text
    .replace(`\n  name: ${name}\n`, `\n  name: ${renamed}\n`)
    .replace(`\n  group: ${group}\n`, `\n  group: ${label}.${group}\n`);
  return { ...rest, group: `${label}.${group}`, name: renamed, text: moved };
}

interface Conditions {
  readonly metadata: { readonly name: string };
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

describeWithCluster('every CRD of every fixture becomes Established', () => {
  let cluster: Envtest;
  beforeAll(async () => {
    cluster = await startEnvtest();
  }, 180_000);
  afterAll(() => cluster?.stop());

  function apply(all: readonly Made[]): void {
    const text = all.map((each) => each.text.replace(/^(?!---)/, '---\n')).join('');
    const applied = kubectl(cluster, ['apply', '--server-side', '--validate=strict', '-f', '-'], text);
    expect(applied.stderr).toBe('');
  }

  /** The names of the CRDs that have the conditions of one that can be used. */
  function established(): readonly string[] {
    const { stdout } = kubectl(cluster, ['get', 'crd', '-o', 'json']);
    const { items } = JSON.parse(stdout) as { items: readonly Conditions[] };
    return items
      .filter(({ status }) => isTrue(status, 'Established') && isTrue(status, 'NamesAccepted'))
      .filter(({ status }) => !isTrue(status, 'NonStructuralSchema'))
      .map(({ metadata }) => metadata.name)
      .sort();
  }

  const isTrue = ({ conditions }: Conditions['status'], type: string): boolean =>
    conditions.some((each) => each.type === type && each.status === 'True');

  test('fixtures/crds, fixtures/projects and fixtures/fidelity', async () => {
    const made = [await fromFolders('crds'), await fromFolders('projects'), await fromTwins()];
    for (const family of made) expect(family.length).toBeGreaterThan(2);
    const all = distinct(made.flat());
    for (let start = 0; start < all.length; start += 100) apply(all.slice(start, start + 100));
    const names = all.map(({ name }) => name).sort();
    await expect.poll(established, { timeout: 60_000, interval: 1000 }).toEqual(names);
  });
});
