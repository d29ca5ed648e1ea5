import { describe, expect, test } from 'vitest';
import { rbac } from '../../src/generators/rbac.js';
import { markerSet } from '../../src/ir/marker.js';
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
    ['URLs in a namespaced project', { urls: ['/metrics'], verbs: ['get'] }, project, 'the namespace `system`'],
    ['no group', { resources: ['pods'], verbs: ['get'] }, undefined, 'needs an API group'],
  ])('%s', (_, value, inProject, words) => {
    const { value: artifacts, diagnostics } = generate(value, inProject);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code: 'OG3009', severity: 'error', at });
    expect(diagnostics[0]!.message).toContain(words);
    const granted = artifacts.map((each) => (each.owner === 'shared' ? '' : each.content)).join('');
    expect(granted).not.toContain('metrics');
  });
});
