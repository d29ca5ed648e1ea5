import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toYaml } from '../../src/emit/yaml.js';
import type { Json } from '../../src/ir/schema.js';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { describeWithCluster } from '../support/assets.js';
import { caseFolder } from '../support/fixtures.js';
import { kubectl } from '../support/kubectl.js';

const crdFile = 'config/crd/bases/test.example.com_things.yaml';

interface Example {
  readonly spec: Json;
  /** What the server says; nothing for objects that it takes. */
  readonly refused?: string;
}

const target = { type: 'none' };

const told: readonly Example[] = [
  { spec: { target } },
  { spec: { target: { type: 's3', bucket: 'abc', region: 'eu' } } },
  { spec: { target: { type: 'hostPath', claim: 'c' } } },
  { spec: { target: { type: 's3' } }, refused: "with type 's3', bucket must be set and claim must not be set" },
  {
    spec: { target: { type: 'pvc', claim: 'c', region: 'eu' } },
    refused: "with type 'pvc', claim must be set and bucket, region must not be set",
  },
  { spec: { target: { type: 'ftp' } }, refused: 'Unsupported value: "ftp"' },
  { spec: { target: { bucket: 'abc' } }, refused: 'spec.target.type: Required value' },
  { spec: { target, others: [target, { type: 's3', bucket: 'abc' }] } },
  { spec: { target, others: [target, { type: 'none', bucket: 'abc' }] }, refused: 'spec.others[1]: Invalid value' },
  { spec: { target, named: { a: { type: 's3' } } }, refused: "with type 's3', bucket must be set" },
  { spec: { target, inline: null } },
  { spec: { target, inline: { on: true, namespace: 'x', 'log-level': 'y' } } },
  { spec: { target, inline: { on: true } }, refused: 'with on true, namespace must be set' },
  {
    spec: { target, inline: { on: false, 'log-level': 'y' } },
    refused: 'with on false, log-level, namespace must not',
  },
  { spec: { target, level: { level: 3, b: 1 } } },
  { spec: { target, level: { level: 1, a: 'x', b: 1 } }, refused: 'with level 1, a must be set and b must not be set' },
  { spec: { target, weight: { weight: 2, heavy: 'x' } } },
  { spec: { target, weight: { weight: 2, light: 'x' } }, refused: 'with weight 2, heavy must be set' },
  { spec: { target, weight: { weight: 0.5, heavy: 'x' } }, refused: 'with weight 0.5, light must be set' },
];

const part = { kind: 'disk', name: 'd', size: 2 };

const ruled: readonly Example[] = [
  { spec: { part } },
  { spec: { part: { ...part, size: 1 } }, refused: 'a disk is large' },
  { spec: { part: { ...part, name: 'x' } }, refused: 'x is no name' },
  { spec: { part: { kind: 'word', name: 'x', value: 'v' } } },
  { spec: { part: { kind: 'net', name: 'n', ipv4: '1', ipv6: '2' } }, refused: 'at most one of the fields' },
  { spec: { part: { kind: 'net', name: 'y' } }, refused: 'y is no net' },
  { spec: { part, optional: { x: 'x' } } },
  { spec: { part, optional: { type: 'b', y: 'y' } } },
  { spec: { part, optional: { y: 'y' } }, refused: "without type, the members must be those of type 'a'" },
  { spec: { part, defaulted: { type: 'b', y: 'y' } } },
  { spec: { part, defaulted: { y: 'y' } }, refused: "with type 'a', x must be set and y must not be set" },
];

const git = { type: 'git', url: 'u' };
const base = {
  more: git,
  both: { ...git, name: 'n' },
  twice: { ...git, every: 'never' },
  step: { run: 'script', text: 't' },
};

const nested: readonly Example[] = [
  { spec: base },
  { spec: { ...base, step: { run: 'source', type: 'image', image: 'i' } } },
  {
    spec: { ...base, step: { run: 'source', type: 'image', url: 'u' } },
    refused: "with type 'image', image must be set",
  },
  {
    spec: { ...base, step: { run: 'script', text: 't', type: 'git' } },
    refused: "with run 'script', text must be set",
  },
  {
    spec: { ...base, step: { run: 'source' } },
    refused: "with run 'source', type must be set and text must not be set",
  },
  { spec: { ...base, both: { type: 'image', image: 'i', name: 'n', url: 'u' } } },
  { spec: { ...base, twice: { ...git, every: 'day' } }, refused: "with every 'day', hour must be set" },
  { spec: { ...base, partial: { digest: 'd' } } },
  { spec: { ...base, partial: { digest: 'd', url: 'u' } }, refused: 'without type, the members must be those of type' },
  {
    spec: { ...base, required: { type: 'image', image: 'i' } },
    refused: "with type 'image', digest, image must be set",
  },
];

describeWithCluster('a real API server tells the variants of a union apart', () => {
  let cluster: Envtest;
  beforeAll(async () => {
    cluster = await startEnvtest();
  }, 180_000);
  afterAll(() => cluster?.stop());

  const server = (args: readonly string[], text = '') => kubectl(cluster, args, text);

  test.each([
    ['unions-of-objects-are-told-apart-by-a-literal', told],
    ['variants-bring-their-bases-markers-and-rules', ruled],
    ['unions-nest-and-are-taken-apart', nested],
  ])('%s', (name, examples) => {
    const crd = readFileSync(join(caseFolder('crds', name), crdFile), 'utf8');
    expect(server(['apply', '--server-side', '--validate=strict', '-f', '-'], crd).stderr).toBe('');
    const wait = ['wait', '--for=condition=Established', '--timeout=60s', 'crd/things.test.example.com'];
    expect(server(wait).status).toBe(0);
    for (const [index, { spec, refused }] of examples.entries()) {
      const object = { apiVersion: 'test.example.com/v1', kind: 'Thing', metadata: { name: `example-${index}` }, spec };
      const made = server(['create', '--validate=strict', '-f', '-'], toYaml(object));
      if (refused === undefined) expect(made.stderr, JSON.stringify(spec)).toBe('');
      else expect(made.stderr, JSON.stringify(spec)).toContain(refused);
    }
    expect(server(['delete', 'crd', 'things.test.example.com', '--wait=true']).status).toBe(0);
  });

  test.each([
    'recursive-types-end-at-their-depth',
    'types-that-have-to-be-computed',
    'parts-of-a-type-are-read-alone',
    'classes-enums-and-merged-declarations',
    'names-of-objects-may-be-limited',
  ])('%s: established', (name) => {
    const crd = readFileSync(join(caseFolder('crds', name), crdFile), 'utf8');
    expect(server(['apply', '--server-side', '--validate=strict', '-f', '-'], crd).stderr).toBe('');
    const wait = ['wait', '--for=condition=Established', '--timeout=60s', 'crd/things.test.example.com'];
    expect(server(wait).status).toBe(0);
    if (name === 'names-of-objects-may-be-limited') {
      const object = (its: string) => ({
        apiVersion: 'test.example.com/v1',
        kind: 'Thing',
        metadata: { name: its },
        spec: { size: 1 },
      });
      expect(server(['create', '-f', '-'], toYaml(object('short'))).stderr).toBe('');
      expect(server(['create', '-f', '-'], toYaml(object('x1'))).stderr).toContain("in body should match '^[a-z-]+$'");
    }
    expect(server(['delete', 'crd', 'things.test.example.com', '--wait=true']).status).toBe(0);
  });
});
