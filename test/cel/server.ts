import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonSchema } from '../../src/crd/crd.js';
import type { JsonObject } from '../../src/json.js';
import type { Cluster } from '../../src/runtime/cluster.js';
import { textOf } from '../../src/runtime/request.js';
import { startEnvtest } from '../../src/testing/envtest.js';
import { assets } from '../support/assets.js';

/** A cluster-scoped CRD of the group probe.example.com whose root has a `spec` of that schema. */
export function probeCrd(kind: string, spec: JsonSchema): JsonObject {
  const plural = `${kind.toLowerCase()}s`;
  const openAPIV3Schema = { type: 'object', properties: { spec } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.probe.example.com` },
    spec: {
      group: 'probe.example.com',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      scope: 'Cluster',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}

/** A control plane that serves the CRDs. */
export async function startWith(crds: readonly JsonObject[]): Promise<{ cluster: Cluster; stop(): Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), 'opgen-probe-'));
  mkdirSync(join(dir, 'crds'));
  crds.forEach((crd, index) => {
    writeFileSync(join(dir, 'crds', `${index}.json`), JSON.stringify(crd));
  });
  try {
    const { cluster, stop } = await startEnvtest({ binDir: assets!, crdPaths: [join(dir, 'crds')] });
    return { cluster, stop };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export interface Cause {
  readonly field: string;
  readonly message: string;
}

export interface Answer {
  readonly status: number;
  readonly message: string;
  readonly causes: readonly Cause[];
  /** Of the object, when it was stored. */
  readonly resourceVersion: string | undefined;
}

/** Sends an object as JSON or anything else; `causes` are the errors of a refusal. */
export async function send(cluster: Cluster, method: string, path: string, object: unknown): Promise<Answer> {
  const body = JSON.stringify(object);
  const response = await cluster.request({ method, path, body, headers: { 'content-type': 'application/json' } });
  const answer = JSON.parse(await textOf(response));
  return {
    status: response.status,
    message: answer.message ?? '',
    causes: answer.details?.causes ?? [],
    resourceVersion: answer.metadata?.resourceVersion,
  };
}
