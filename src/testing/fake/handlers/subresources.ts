import { isMembers } from '../../../runtime/json.js';
import { applyJsonPatch, type JsonPatchOp } from '../../../runtime/jsonpatch.js';
import { applyMergePatch } from '../../../runtime/mergepatch.js';
import type { K8sObject } from '../../../runtime/resource.js';
import { formatLabels, type LabelSelector } from '../../../runtime/selectors.js';
import type { Answer, ObjectCall } from '../call.js';
import { parseBody } from '../decode.js';
import type { ScalePaths } from '../kinds.js';
import { methodNotAllowed } from '../status.js';
import { deleteObject, updateObject } from '../write.js';
import { storedObject } from './get.js';

/** Reads or writes the number of replicas. */
export function scale(call: ObjectCall, paths: ScalePaths): Answer {
  const before = storedObject(call);
  const current = scaleOf(before, paths);
  if (call.verb === 'get') return { status: 200, body: current };
  if (call.verb !== 'update' && call.verb !== 'patch') throw methodNotAllowed(call.kind.resource, call.verb);
  const wanted = wantedScale(call, current);
  const version = wanted.metadata?.resourceVersion ?? before.metadata?.resourceVersion;
  const scaled = withReplicas(before, paths.specReplicasPath, wanted.spec?.replicas ?? 0);
  const given = { ...scaled, metadata: { ...scaled.metadata, ...(version && { resourceVersion: version }) } };
  const { object } = updateObject(call, before, given);
  return { status: 200, body: scaleOf(object, paths) };
}

interface Scale extends K8sObject {
  readonly spec?: { readonly replicas?: number };
}

function wantedScale(call: ObjectCall, current: object): Scale {
  const body = parseBody(call.body, (problem) => `error decoding Scale: ${problem}`);
  if (call.verb === 'update') return body as Scale;
  const isList = Array.isArray(body);
  return (isList ? applyJsonPatch(current, body as JsonPatchOp[]) : applyMergePatch(current, body)) as Scale;
}

function scaleOf(object: K8sObject, paths: ScalePaths): object {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata ?? {};
  const selector = paths.labelSelectorPath === undefined ? undefined : valueAt(object, paths.labelSelectorPath);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: Number(valueAt(object, paths.specReplicasPath) ?? 0) },
    status: {
      replicas: Number(valueAt(object, paths.statusReplicasPath) ?? 0),
      ...(selector !== undefined && { selector: selectorText(selector) }),
    },
  };
}

const selectorText = (selector: unknown): string =>
  formatLabels(isMembers(selector) ? (selector as LabelSelector) : String(selector));

const stepsOf = (path: string): readonly string[] => path.split('.').filter((step) => step !== '');

const valueAt = (object: unknown, path: string): unknown =>
  stepsOf(path).reduce<unknown>((value, step) => (isMembers(value) ? value[step] : undefined), object);

function withReplicas(object: K8sObject, path: string, replicas: number): K8sObject {
  const patch = stepsOf(path).reduceRight<unknown>((value, step) => ({ [step]: value }), replicas);
  return applyMergePatch(object, patch) as K8sObject;
}

/** Deletes the pod; disruption budgets are not looked at. */
export function evict(call: ObjectCall): Answer {
  deleteObject(call.server, call.kind, storedObject(call));
  return { status: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } };
}
