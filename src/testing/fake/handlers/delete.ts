import { isMembers } from '../../../runtime/json.js';
import { apiVersionOf, type K8sObject } from '../../../runtime/resource.js';
import { type Answer, type Call, isDryRun, type ObjectCall } from '../call.js';
import { parseBody } from '../decode.js';
import { present, presentList } from '../present.js';
import { badRequest, invalidOption, preconditionFailed } from '../status.js';
import { deleteObject } from '../write.js';
import { storedObject } from './get.js';
import { selected } from './select.js';

interface Options {
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
  readonly dryRun?: readonly string[];
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

const finalizerOf: Readonly<Record<string, string | undefined>> = {
  Foreground: 'foregroundDeletion',
  Background: undefined,
  Orphan: 'orphan',
};

/** Kinds whose deletion answers with the object in any case. */
const answersWithObject = /^\/(pods|services|namespaces)$/;

export function remove(call: ObjectCall): Answer {
  const options = optionsOf(call);
  const object = storedObject(call);
  checkPreconditions(call, object, options);
  if (isDryRun(call) || options.dryRun?.includes('All')) return { status: 200, body: done(call, object) };
  const result = deleteObject(call.server, call.kind, object, finalizerOf[options.propagationPolicy ?? 'Background']);
  const isHeld = (result.metadata?.finalizers ?? []).length > 0;
  const showsObject = isHeld || answersWithObject.test(call.kind.storage);
  return { status: 200, body: showsObject ? present(call, result) : done(call, result) };
}

function done({ kind: { resource } }: Call, { metadata }: K8sObject): object {
  const { group, plural } = resource;
  const details = { name: metadata?.name, ...(group && { group }), kind: plural, uid: metadata?.uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

/** From the body, which is optional, and from the query. */
function optionsOf({ body, query }: Call): Options {
  const parsed = body === '' ? {} : parseBody(body, (problem) => `error decoding DeleteOptions: ${problem}`);
  const options: Options & { kind?: string } = { ...(isMembers(parsed) && parsed) };
  checkKind(options);
  const propagationPolicy = options.propagationPolicy ?? query.propagationPolicy;
  if (propagationPolicy && !Object.hasOwn(finalizerOf, propagationPolicy)) {
    const supported = 'supported values: "Foreground", "Background", "Orphan", "nil"';
    const message = `Unsupported value: ${JSON.stringify(propagationPolicy)}: ${supported}`;
    throw invalidOption('DeleteOptions', 'propagationPolicy', message);
  }
  checkDryRun(options);
  const orphans = orphanPolicy(options, propagationPolicy);
  if (orphans) return { ...options, propagationPolicy: orphans };
  return { ...options, ...(propagationPolicy && { propagationPolicy }) };
}

function checkDryRun({ dryRun = [] }: Options): void {
  if (dryRun.every((each) => each === 'All')) return;
  const message = `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`;
  throw invalidOption('DeleteOptions', 'dryRun', message);
}

/** What the old option says in place of a policy; both at once are refused. */
function orphanPolicy({ orphanDependents }: Options, policy: string | undefined): string | undefined {
  if (orphanDependents === undefined) return undefined;
  if (!policy) return orphanDependents ? 'Orphan' : 'Background';
  const fact = 'orphanDependents and deletionPropagation cannot be both set';
  throw invalidOption('DeleteOptions', 'propagationPolicy', `Invalid value: ${JSON.stringify(policy)}: ${fact}`);
}

function checkKind({ kind = 'DeleteOptions' }: { readonly kind?: string }): void {
  if (kind === 'DeleteOptions') return;
  const scheme = 'in scheme "pkg/runtime/scheme.go:111"';
  throw badRequest(`no kind ${JSON.stringify(kind)} is registered for version "v1" ${scheme}`);
}

function checkPreconditions({ kind: { resource }, name }: ObjectCall, { metadata }: K8sObject, options: Options): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  if (uid && uid !== metadata?.uid) {
    const fact = `the UID in the precondition (${uid}) does not match the UID in record (${metadata?.uid})`;
    throw preconditionFailed(resource, name, `${fact}. The object might have been deleted and then recreated`);
  }
  if (resourceVersion && resourceVersion !== metadata?.resourceVersion) {
    const record = `the ResourceVersion in record (${metadata?.resourceVersion})`;
    const fact = `the ResourceVersion in the precondition (${resourceVersion}) does not match ${record}`;
    throw preconditionFailed(resource, name, `${fact}. The object might have been modified`);
  }
}

export function removeAll(call: Call): Answer {
  const options = optionsOf(call);
  const objects = call.server.store.list(call.kind.storage).filter(selected(call));
  const found = objects.map(({ object }) => ({ ...object, apiVersion: apiVersionOf(call.kind.resource) }));
  if (!isDryRun(call) && !options.dryRun?.includes('All')) {
    const finalizer = finalizerOf[options.propagationPolicy ?? 'Background'];
    for (const { key } of objects) {
      const object = call.server.store.get(call.kind.storage, key);
      if (object) deleteObject(call.server, call.kind, object, finalizer);
    }
  }
  return { status: 200, body: presentList(call, found, { resourceVersion: String(call.server.store.version()) }) };
}
