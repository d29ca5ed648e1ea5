import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAll } from 'js-yaml';
import type { Cluster } from '../runtime/cluster.js';
import { request } from './request.js';

interface Crd {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
  readonly status?: { readonly conditions?: readonly { type: string; status: string; message: string }[] };
}

/** A document of a file. */
interface Source {
  readonly file: string;
  readonly crd: Crd;
}

const collection = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const fieldManager = 'opgen-envtest';
const serveSeconds = 30;
const pollMilliseconds = 50;

/** The CRDs of files (YAML or JSON) and of the files of folders; other documents are left out. A path without CRDs is an error. */
export function readCrds(paths: readonly string[]): readonly Source[] {
  return paths.flatMap((path) => {
    const crds = filesOf(path).flatMap(crdsOf);
    if (crds.length > 0) return crds;
    throw new Error(`crdPaths names files and folders with CRDs, but \`${path}\` has none. hint: opgen generate crds`);
  });
}

function filesOf(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return stats ? [path] : [];
  const names = readdirSync(path).filter((name) => /\.(ya?ml|json)$/.test(name));
  return names.sort().map((name) => join(path, name));
}

const crdsOf = (file: string): Source[] =>
  documentsOf(file)
    .filter(isCrd)
    .map((crd) => ({ file, crd }));

function documentsOf(file: string): readonly unknown[] {
  try {
    return loadAll(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`crdPaths names files of YAML or JSON, but \`${file}\` is neither`, { cause: error });
  }
}

/** Without a name it is none that could be applied. */
function isCrd(document: unknown): document is Crd {
  const { kind, metadata } = (document ?? {}) as { kind?: unknown; metadata?: { name?: unknown } | null };
  return kind === 'CustomResourceDefinition' && typeof metadata?.name === 'string';
}

/** Applies the CRDs and waits until the API server serves all their versions and lists them in discovery. */
export async function applyCrds(cluster: Cluster, sources: readonly Source[]): Promise<void> {
  const crds = await Promise.all(sources.map((source) => applyCrd(cluster, source)));
  const deadline = Date.now() + serveSeconds * 1000;
  for (;;) {
    const served = await servedResources(cluster);
    const pending = crds.find((crd) => !resourcesOf(crd).every((resource) => served.has(resource)));
    if (!pending) return;
    if (Date.now() > deadline) throw new Error(await whyPending(cluster, pending.metadata.name));
    await sleep(pollMilliseconds);
  }
}

async function applyCrd(cluster: Cluster, { file, crd }: Source): Promise<Crd> {
  const name = encodeURIComponent(crd.metadata.name);
  const path = `${collection}/${name}?fieldManager=${fieldManager}&force=true`;
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  const answer = await request(cluster, 'PATCH', path, { body: JSON.stringify(crd), headers });
  if (answer.status < 300) return JSON.parse(answer.body);
  throw refused(file, answer.body);
}

function refused(file: string, body: string): Error {
  let reason = body;
  try {
    reason = JSON.parse(body).message;
  } catch {
    // Not a Status object: the text itself is the reason.
  }
  return new Error(`The CRDs of crdPaths must be valid, but the API server refused \`${file}\`: ${reason}`);
}

const resourcesOf = ({ spec }: Crd): string[] =>
  spec.versions.filter(({ served }) => served).map(({ name }) => `${spec.group}/${name}/${spec.names.plural}`);

/** Every `group/version/plural` of discovery. A CRD is listed once it is established. */
async function servedResources(cluster: Cluster): Promise<Set<string>> {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const { items } = JSON.parse((await request(cluster, 'GET', '/apis', { headers: { accept } })).body) as Discovery;
  return new Set(
    items.flatMap(({ metadata, versions = [] }) =>
      versions.flatMap(({ version, resources = [] }) =>
        resources.map(({ resource }) => `${metadata.name}/${version}/${resource}`),
      ),
    ),
  );
}

interface Discovery {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly versions?: readonly { readonly version: string; readonly resources?: readonly { resource: string }[] }[];
  }[];
}

async function whyPending(cluster: Cluster, name: string): Promise<string> {
  const crd: Crd = JSON.parse((await request(cluster, 'GET', `${collection}/${name}`)).body);
  const failing = crd.status?.conditions?.filter(({ status }) => status === 'False') ?? [];
  const fact = failing.map(({ type, message }) => `${type} is False: ${message}`).join('; ') || 'discovery lacks it';
  return `The API server must serve the CRD \`${name}\` within ${serveSeconds} seconds, but ${fact}`;
}
