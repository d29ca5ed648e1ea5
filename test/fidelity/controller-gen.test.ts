import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { expectedPath, type FidelityCase, fidelityCases, madeBy, sourcesOf } from '../../scripts/fidelity/cases.js';
import { controllerGenVersion, runControllerGen, versionText } from '../../scripts/fidelity/controllergen.js';
import { differences, withoutDifferences } from '../../scripts/fidelity/differences.js';
import { rewrite } from '../../scripts/fidelity/tree.js';
import { readApi } from '../../src/frontend/index.js';
import { generate } from '../../src/generate.js';
import { markers } from '../../src/markers/registry.js';

const cases = fidelityCases().map((each) => [`${each.subject}/${each.name}`, each] as const);

/** The CRDs that opgen makes of a case, sorted by their names. */
async function ours(each: FidelityCase): Promise<readonly unknown[]> {
  const sources = sourcesOf(each);
  const api = await readApi('/nowhere', Object.keys(sources), { overlay: sources });
  const { maxDescLen } = each.options;
  const made = generate(undefined, api.value, { only: ['crds'], ...(maxDescLen !== undefined && { maxDescLen }) });
  expect([...api.diagnostics, ...made.diagnostics].filter(({ severity }) => severity === 'error')).toEqual([]);
  const objects = made.value.crds.map(({ object }) => object);
  return JSON.parse(JSON.stringify(objects.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))));
}

/** What controller-gen made of its Go twin. */
const theirs = (each: FidelityCase): readonly unknown[] => loadAll(readFileSync(expectedPath(each), 'utf8'));

const isEqual = (one: unknown, other: unknown): boolean => {
  try {
    expect(one).toEqual(other);
    return true;
  } catch {
    return false;
  }
};

describe('opgen says what controller-gen says of the Go twin', () => {
  test.each(cases)('%s', async (_, each) => {
    const named = each.options.differences ?? [];
    const [left, right] = [await ours(each), theirs(each)];
    expect(right.length).toBeGreaterThan(0);
    expect(withoutDifferences('opgen', left, named)).toEqual(withoutDifferences('controller-gen', right, named));
    for (const id of named) {
      const others = named.filter((other) => other !== id);
      const compared = [withoutDifferences('opgen', left, others), withoutDifferences('controller-gen', right, others)];
      expect(isEqual(compared[0], compared[1]), `without ${id} it must differ`).toBe(false);
    }
  });

  test('every intended difference exists, and every named one is known', () => {
    const named = new Set(cases.flatMap(([, each]) => each.options.differences ?? []));
    const known = differences.filter(({ scope }) => scope === 'named').map(({ id }) => id);
    expect([...named].sort()).toEqual(known.sort());
    const found = new Set<string>();
    for (const [, each] of cases) {
      for (const { id, normalise } of differences)
        if (!found.has(id) && !isEqual(rewrite(theirs(each), normalise), theirs(each))) found.add(id);
    }
    expect([...found].sort()).toEqual(differences.map(({ id }) => id).sort());
  });
});

/** Markers of the registry that no CRD, or no Go twin, can show. */
const outside = /^(kubebuilder:(rbac|webhook|webhookconfiguration|ac)\b|operator-sdk:|opgen:recursionDepth$)/;

describe('every marker of CRDs is compared', () => {
  const text = cases.flatMap(([, each]) => Object.values(sourcesOf(each))).join('\n');
  const compared = markers.filter(({ name }) => !outside.test(name));

  test.each(compared.flatMap(({ name, aliases = [] }) => [name, ...aliases]))('+%s', (name) => {
    expect(text).toMatch(new RegExp(`[+@]${name}(?![\\w:])|[+@]${name}:\\w*=`));
  });

  test.each(compared.flatMap(({ name, tag }) => (tag && !outside.test(name) ? [tag.name] : [])))('@%s', (tag) => {
    expect(text).toMatch(new RegExp(`@(items\\.)?${tag}\\b`));
  });

  const inFourForms = compared.filter(
    ({ name, targets }) =>
      name.startsWith('kubebuilder:validation:') && targets.includes('field') && targets.includes('type'),
  );

  test.each(inFourForms.map(({ name, aliases = [] }) => [name, ...aliases]))('+%s of elements', (...names) => {
    const spellings = names.map((name) => name.replace('validation:', 'validation:items:'));
    expect(text).toMatch(new RegExp(`[+](${spellings.join('|')})(?!\\w)`));
  });
});

const version = controllerGenVersion();

describe.skipIf(!version)(
  `the stored results are controller-gen's own${version ? '' : ' (skipped: controller-gen is not on the PATH)'}`,
  () => {
    test('made again, they are the same', () => {
      expect(`${madeBy().join('\n')}\n`).toBe(versionText(version!));
      const made = runControllerGen(fidelityCases());
      for (const [name, each] of cases)
        expect(made.get(each.folder), name).toBe(readFileSync(expectedPath(each), 'utf8'));
    });
  },
);
