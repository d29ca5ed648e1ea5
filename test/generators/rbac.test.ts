import { describe, expect, test } from 'vitest';
import { clusterResources } from '../../src/generators/rbac/scope.js';
import { rbac } from '../../src/generators/rbac.js';
import { markerSet } from '../../src/ir/marker.js';
import { builtinKinds } from '../../src/k8s/kinds.js';
import { type RbacValue, rbac as rbacMarker } from '../../src/markers/defs/rbac.js';
import type { Project } from '../../src/project/model.js';
import { expectFiles, generateFrom } from '../support/api.js';
import { caseFolder, casesOf } from '../support/fixtures.js';

test.each(casesOf('rbac'))('%s', async (name) => {
  const folder = caseFolder('rbac', name);
  const { value, diagnostics } = await generateFrom(folder, 'rbac');
  expect(diagnostics).toEqual([]);
  await expectFiles(folder, value.artifacts);
});

describe('what the API server would refuse is refused at the marker', () => {
  const at = { file: 'src/main.ts', line: 3, column: 4 };
  const project: Project = {
    layout: [],
    domain: 'example.com',
    name: 'demo',
    multigroup: false,
    namespaced: true,
    resources: [],
  };
  const generate = (value: RbacValue, inProject?: Project) =>
    rbac.generate({
      api: { kinds: [], markers: markerSet([{ def: rbacMarker, value, at }]), files: [] },
      crds: [],
      ...(inProject && { project: inProject }),
    });

  test.each<[string, RbacValue, Project | undefined, string]>([
    ['no verbs', { groups: ['apps'], resources: ['deployments'], verbs: [] }, undefined, 'needs verbs'],
    ['neither resources nor URLs', { groups: ['apps'], verbs: ['get'] }, undefined, 'needs resources or URLs'],
    [
      'both',
      { urls: ['/metrics'], groups: [''], resources: ['pods'], verbs: ['get'] },
      undefined,
      'either resources or URLs',
    ],
    ['URLs in a namespace', { urls: ['/metrics'], namespace: 'a', verbs: ['get'] }, undefined, 'the namespace `a`'],
    [
      'a namespace that config/default would change',
      { groups: [''], resources: ['pods'], namespace: 'shared', verbs: ['get'] },
      project,
      'belongs to `shared`, from where config/default would move it',
    ],
    [
      'the same in a project whose operator works in the whole cluster',
      { groups: [''], resources: ['pods'], namespace: 'shared', verbs: ['get'] },
      { ...project, namespaced: false },
      'belongs to `shared`',
    ],
    [
      'nodes in the own namespace',
      { groups: [''], resources: ['nodes'], namespace: 'demo-system', verbs: ['get'] },
      project,
      '`nodes` belongs to the cluster',
    ],
    ['no group', { resources: ['pods'], verbs: ['get'] }, undefined, 'needs an API group'],
  ])('%s', (_, value, inProject, words) => {
    const { value: artifacts, diagnostics } = generate(value, inProject);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code: 'OG3009', severity: 'error', at });
    expect(diagnostics[0]!.message).toContain(words);
    const granted = artifacts.map((each) => (each.owner === 'shared' ? '' : each.content)).join('');
    expect(granted).not.toMatch(/metrics|pods|nodes/);
  });
});

test('the resources without a namespace are those of Kubernetes', () => {
  const kinds = builtinKinds().filter(({ namespaced }) => !namespaced);
  const ofKubernetes = new Set(kinds.map(({ group, plural }) => `${group}/${plural}`));
  const known = Object.entries(clusterResources).flatMap(([group, names]) =>
    names.split(' ').map((name) => `${group}/${name}`),
  );
  expect([...ofKubernetes].filter((each) => !known.includes(each))).toEqual([]);
  expect(known.filter((each) => !ofKubernetes.has(each))).toEqual(['certificates.k8s.io/signers']);
});
