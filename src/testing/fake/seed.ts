import { copyOf } from '../../runtime/json.js';
import type { K8sObject } from '../../runtime/resource.js';
import { complete } from './admission.js';
import { type Server, storeKey } from './call.js';
import { type CrdObject, crdStorage, type ServedKind, servedByCrd } from './kinds.js';
import { generatedName, newUid } from './names.js';
import type { Change } from './store.js';

/** Puts an object there before the test begins: its status stays, and so does what it says of itself in metadata. */
export function seed(server: Server, given: K8sObject): void {
  const kind = server.kinds.ofObject(given);
  if (!kind) throw new TypeError(unknownKind(given));
  const object = complete(kind, withMetadata(server, kind, copyOf(given)));
  const key = storeKey(object);
  if (server.store.get(kind.storage, key)) {
    throw new TypeError(
      `The objects of a fake cluster must differ, but the ${kind.resource.kind} \`${key}\` is there twice`,
    );
  }
  server.store.put(kind.storage, key, object);
}

const initialNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Puts the namespaces of the objects there, and those of every cluster. */
export function seedNamespaces(server: Server, objects: readonly K8sObject[]): void {
  const named = objects.flatMap(({ metadata }) => metadata?.namespace ?? []);
  for (const name of new Set([...initialNamespaces, ...named])) {
    if (server.store.get('/namespaces', name)) continue;
    seed(server, { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, status: { phase: 'Active' } } as K8sObject);
  }
}

const unknownKind = ({ apiVersion, kind }: K8sObject): string =>
  `fakeCluster must know the kinds of its objects, but \`${kind}\` of \`${apiVersion}\` is unknown. ` +
  'hint: pass its CRD in `crds`, or its handle in `resources`';

function withMetadata({ now }: Server, { resource, hasGeneration }: ServedKind, object: K8sObject): K8sObject {
  const { name, generateName, namespace = 'default', ...metadata } = object.metadata ?? {};
  if (!name && !generateName) throw new TypeError(`An object needs \`metadata.name\`, but a ${resource.kind} has none`);
  return {
    ...object,
    metadata: {
      name: name ?? generatedName(generateName ?? ''),
      ...(generateName && { generateName }),
      ...(resource.namespaced && { namespace }),
      uid: newUid(),
      creationTimestamp: now(),
      ...(hasGeneration && { generation: 1 }),
      ...metadata,
    },
  };
}

/** Keeps the served kinds as the stored CRDs say, and says in the CRDs that they are served. */
export function serveCrds(server: Server): void {
  server.store.onChange(({ storage, key, before, after, object }: Change) => {
    if (storage !== crdStorage) return;
    const crd = (after ?? before) as CrdObject | undefined;
    if (!crd) return;
    const custom = `${crd.spec.group}/${crd.spec.names.plural}`;
    server.kinds.replace(custom, after ? servedByCrd(crd) : []);
    if (after && !isEstablished(after)) server.store.put(storage, key, established(server, object as CrdObject));
  });
}

const isEstablished = (crd: K8sObject & { status?: { acceptedNames?: object } }): boolean =>
  crd.status?.acceptedNames !== undefined;

function established({ now }: Server, crd: CrdObject): K8sObject {
  const condition = (type: string, reason: string) => ({
    type,
    status: 'True',
    reason,
    message: '',
    lastTransitionTime: now(),
  });
  const status = {
    acceptedNames: crd.spec.names,
    conditions: [condition('NamesAccepted', 'NoConflicts'), condition('Established', 'InitialNamesAccepted')],
    storedVersions: crd.spec.versions.filter(({ storage }) => storage).map(({ name }) => name),
  };
  return { ...crd, status } as K8sObject;
}
