import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromYaml } from '../../../src/emit/yaml.js';
import type { PolicyRule } from '../../../src/generators/rbac/rules.js';
import { generateFrom, textOf } from '../../support/api.js';
import { caseFolder, casesOf } from '../../support/fixtures.js';
import { allows, type Request, requestsOf } from './requests.js';

interface Role {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules: readonly PolicyRule[];
}

const rolesOf = (text: string): readonly Role[] => fromYaml(text, 'role.yaml').value as unknown as readonly Role[];

async function ours(name: string): Promise<readonly Role[]> {
  const { value } = await generateFrom(caseFolder('rbac', name), 'rbac');
  return value.artifacts.flatMap((each) => rolesOf(textOf(each)));
}

function theirs(name: string): { readonly roles: readonly Role[]; readonly isStable: boolean } {
  const folder = join(caseFolder('rbac', name), 'controller-gen');
  const version = readFileSync(join(folder, 'VERSION'), 'utf8');
  return {
    roles: rolesOf(readFileSync(join(folder, 'expected.yaml'), 'utf8')),
    isStable: !version.includes('differs from run to run'),
  };
}

/** Everything that either list could allow, and something that only a wildcard does. */
function requestsAbout(rules: readonly PolicyRule[]): readonly Request[] {
  const all = (list: 'apiGroups' | 'resources' | 'resourceNames' | 'nonResourceURLs' | 'verbs') => [
    ...new Set(rules.flatMap((rule) => rule[list] ?? []).map((each) => each.replace('*', 'other'))),
    'other',
  ];
  return requestsOf({
    groups: all('apiGroups'),
    resources: [...all('resources'), 'other/scale', 'deployments/other'],
    names: ['', ...all('resourceNames')],
    urls: [...all('nonResourceURLs'), '/other', '/metrics/other'],
    verbs: all('verbs'),
  });
}

const twins = casesOf('rbac').filter((name) => existsSync(`fixtures/rbac/${name}/controller-gen`));
const stable = twins.filter((name) => theirs(name).isStable);

/** controller-gen repeats what a wildcard includes, and keeps rules apart that differ in their names only. */
const shorter = ['wildcards-include-what-they-stand-for', 'a-star-among-verbs-stands-alone', 'names-are-joined'];

describe('opgen grants what controller-gen grants for the same markers', () => {
  test.each(stable)('the same requests are allowed: %s', async (name) => {
    const [own, other] = [await ours(name), theirs(name).roles];
    expect(own.map(({ metadata }) => metadata)).toEqual(other.map(({ metadata }) => metadata));
    for (const [index, { rules }] of own.entries()) {
      const requests = requestsAbout([...rules, ...other[index]!.rules]);
      const differing = requests.filter((each) => allows(rules, each) !== allows(other[index]!.rules, each));
      expect(differing).toEqual([]);
      expect(requests.some((each) => allows(rules, each))).toBe(true);
    }
  });

  test.each(stable.filter((name) => !shorter.includes(name)))('in the same words: %s', async (name) => {
    expect(await ours(name)).toEqual(theirs(name).roles);
  });

  test.each(shorter)('in fewer words: %s', async (name) => {
    const size = (roles: readonly Role[]) => JSON.stringify(roles).length;
    expect(size(await ours(name))).toBeLessThan(size(theirs(name).roles));
  });

  test.each(twins.filter((name) => !stable.includes(name)))('more, where it loses verbs: %s', async (name) => {
    const [own] = await ours(name);
    const [other] = theirs(name).roles;
    const requests = requestsAbout([...own!.rules, ...other!.rules]);
    const lost = requests.filter((each) => allows(own!.rules, each) && !allows(other!.rules, each));
    expect(lost.length).toBeGreaterThan(0);
    expect(requests.filter((each) => allows(other!.rules, each) && !allows(own!.rules, each))).toEqual([]);
  });
});
