import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { CrdObject, JsonSchema } from '../../src/crd/crd.js';
import type { Json } from '../../src/ir/schema.js';
import type { JsonObject } from '../../src/json.js';
import { objectAt } from '../../src/json.js';
import { type Envtest, startEnvtest } from '../../src/testing/envtest.js';
import { applyDefaults, examineObject } from '../../src/validate/object.js';
import { checkReplicas, type Scale } from '../../src/validate/replicas.js';
import { send } from '../cel/server.js';
import { assets, describeWithCluster } from '../support/assets.js';
import { valuesFor } from './object-arbitrary.js';

vi.setConfig({ testTimeout: 120_000 });

const perVersion = 12;

/** The CRDs of the fixtures, each in a group of its own. */
const crds: readonly CrdObject[] = ['fixtures/crds', 'fixtures/projects', 'fixtures/objects']
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => join(root, path)))
  .filter((path) => /\/config\/crd\/bases\/[^/]*\.yaml$|^fixtures\/objects\/crd\.yaml$/.test(path))
  .sort()
  .flatMap((path) => parseAllDocuments(readFileSync(path, 'utf8')).map((each) => each.toJS() as CrdObject))
  .map((crd, index) => inGroup(crd, `g${index}.example.com`));

function inGroup(crd: CrdObject, group: string): CrdObject {
  const { annotations: _, ...metadata } = crd.metadata;
  return {
    ...crd,
    metadata: { ...metadata, name: `${crd.spec.names.plural}.${group}` },
    spec: { ...crd.spec, group },
  };
}

interface Case {
  readonly name: string;
  readonly path: string;
  readonly schema: JsonSchema;
  readonly scale: Scale | undefined;
  readonly objects: readonly Json[];
}

const cases: readonly Case[] = crds.flatMap(({ spec }) =>
  spec.versions
    .filter(({ served }) => served)
    .map((version): Case => {
      const schema = version.schema.openAPIV3Schema;
      const namespace = spec.scope === 'Namespaced' ? '/namespaces/default' : '';
      const { apiVersion: _a, kind: _k, metadata: _m, status, ...parts } = objectAt(schema, 'properties') ?? {};
      const content = { ...parts, ...(status && !version.subresources?.status && { status }) };
      const meta = { apiVersion: `${spec.group}/${version.name}`, kind: spec.names.kind, metadata: { name: 'x' } };
      const bodies = fc.sample(valuesFor({ ...schema, properties: content }), {
        seed: 7,
        numRuns: perVersion,
      });
      return {
        name: `${spec.names.kind} ${spec.group}/${version.name}`,
        path: `/apis/${spec.group}/${version.name}${namespace}/${spec.names.plural}?dryRun=All&fieldValidation=Strict`,
        schema,
        scale: version.subresources?.scale,
        objects: bodies.map((body) => ({ ...(body as JsonObject), ...meta })),
      };
    }),
);

/** The paths that opgen names, as the API server writes them: failures of branches and of ranges have none. */
function ownPaths({ schema, scale }: Case, object: Json): readonly string[] {
  const findings = [...examineObject(schema, object).findings, ...checkReplicas(scale, applyDefaults(schema, object))];
  const unknown = findings.filter(({ message }) => message.startsWith('unknown field'));
  if (unknown.length > 0) return sorted(unknown.map(({ path }) => `unknown ${path}`));
  const isNowhere = (message: string) => /^Invalid value: "": ("[^"]*" must|\w[\w ]+ value must)/.test(message);
  return sorted(findings.map(({ path, message }) => (isNowhere(message) ? '<nil>' : path)));
}

const sorted = (paths: readonly string[]): readonly string[] => [...new Set(paths)].sort();

function serverPaths(answer: Answer): readonly string[] {
  const strict = /strict decoding error: (.*)/.exec(answer.message);
  if (strict) return sorted([...strict[1]!.matchAll(/unknown field "([^"]*)"/g)].map((match) => `unknown ${match[1]}`));
  return sorted(answer.causes.map(({ field }) => field));
}

type Answer = Awaited<ReturnType<typeof send>>;

/** Where the answers are not the same, and what holds instead. */
const differences: readonly {
  readonly reason: string;
  readonly applies: (answer: Answer) => boolean;
  readonly agree: (own: readonly string[], answer: Answer) => boolean;
}[] = [
  {
    reason:
      'The server stops at the first embedded resource whose apiVersion, kind or metadata has the wrong type; opgen goes on.',
    applies: ({ status, message }) => status === 400 && /cannot be handled as a \w+: (?!strict)/.test(message),
    agree: (own, { message }) => own.includes(/cannot be handled as a \w+: ([^:]+):/.exec(message)![1]!),
  },
];

describeWithCluster('about objects made from schemas, the API server agrees', () => {
  let server: Envtest;

  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), 'opgen-objects-'));
    crds.forEach((crd, index) => {
      writeFileSync(join(dir, `${index}.json`), JSON.stringify(crd));
    });
    server = await startEnvtest({ binDir: assets!, crdPaths: [dir] });
    rmSync(dir, { recursive: true, force: true });
  }, 120_000);
  afterAll(() => server?.stop());

  test('there are several hundred, accepted and refused ones', () => {
    const verdicts = cases.flatMap((each) => each.objects.map((object) => ownPaths(each, object).length === 0));
    expect(verdicts.length).toBeGreaterThan(300);
    expect(verdicts.filter((accepted) => accepted).length).toBeGreaterThan(50);
    expect(verdicts.filter((accepted) => !accepted).length).toBeGreaterThan(100);
  });

  describe.each(cases)('$name', (each) => {
    const { path, objects } = each;

    test('has the same verdicts', async () => {
      const answers = await Promise.all(objects.map((object) => send(server.cluster, 'POST', path, object)));
      for (const [index, answer] of answers.entries()) {
        const text = `${JSON.stringify(objects[index])}\n${answer.message}`;
        const own = ownPaths(each, objects[index]!);
        const known = differences.find(({ applies }) => applies(answer));
        if (known) expect(known.agree(own, answer), text).toBe(true);
        else expect(own, text).toEqual(answer.status === 201 ? [] : serverPaths(answer));
      }
    });
  });
});
