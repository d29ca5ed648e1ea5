import type { K8sObject } from '../../../runtime/resource.js';
import type { ValueFinding } from '../../../validate/result.js';
import { at, type Members } from './values.js';

/** What is wrong with the values of a built-in object, of what the fake knows: see docs/testing.md. */
export function checkBuiltin(storage: string, object: K8sObject): readonly ValueFinding[] {
  const copy = { ...object } as Members;
  if (storage === 'coordination.k8s.io/leases') return leaseFindings(at(copy, 'spec'));
  if (storage === 'events.k8s.io/events') return eventFindings(copy);
  return storage === '/configmaps' || storage === '/secrets' ? keyFindings(copy) : [];
}

const required = (path: string): ValueFinding => ({ path, message: 'Required value' });

const wrong = (path: string, value: unknown, fact: string): ValueFinding => ({
  path,
  message: `Invalid value: ${JSON.stringify(value)}: ${fact}`,
});

const isBelow = (value: unknown, least: number): boolean => typeof value === 'number' && value < least;

function leaseFindings({ leaseDurationSeconds: duration, leaseTransitions: transitions }: Members) {
  return [
    ...(isBelow(duration, 1) ? [wrong('spec.leaseDurationSeconds', duration, 'must be greater than 0')] : []),
    ...(isBelow(transitions, 0)
      ? [wrong('spec.leaseTransitions', transitions, 'must be greater than or equal to 0')]
      : []),
  ];
}

/** The API server names the fields of an event as the older group does, and leaves out their values. */
function eventFindings(event: Members): readonly ValueFinding[] {
  const { eventTime, reason, action, reportingController, reportingInstance, type, note, series } = event;
  const missing = { eventTime, reportingController, reportingInstance, action, reason };
  const { count } = series === undefined || series === null ? {} : at({ ...event }, 'series');
  return [
    ...Object.entries(missing).flatMap(([name, value]) =>
      value === undefined || value === '' ? [required(name)] : [],
    ),
    ...[reportingInstance, action, reason].flatMap((value, index) =>
      String(value ?? '').length > 128
        ? [wrong(['reportingInstance', 'action', 'reason'][index] as string, '', 'can have at most 128 characters')]
        : [],
    ),
    ...(type === 'Normal' || type === 'Warning' ? [] : [wrong('type', '', `has invalid value: ${type ?? ''}`)]),
    ...(Buffer.byteLength(String(note ?? '')) > 1024 ? [wrong('message', '', 'can have at most 1024 characters')] : []),
    ...(isBelow(count, 2) ? [wrong('series.count', '', 'should be at least 2')] : []),
    ...placeFindings(event),
  ];
}

/** An event about an object of the cluster is in the namespace `default`. */
function placeFindings(event: Members): readonly ValueFinding[] {
  const { namespace: about = '' } = at({ ...event }, 'regarding');
  const { namespace } = at({ ...event }, 'metadata');
  const fits = about !== '' || namespace === 'default' || namespace === 'kube-system';
  return fits ? [] : [wrong('involvedObject.namespace', '', 'does not match event.namespace')];
}

const keyRule =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

function keyFindings(object: Members): readonly ValueFinding[] {
  const binary = at({ ...object }, 'binaryData');
  return Object.keys(at({ ...object }, 'data')).flatMap((key) => [
    ...(/^[-._a-zA-Z0-9]+$/.test(key) ? [] : [wrong(`data[${key}]`, key, keyRule)]),
    ...(Object.hasOwn(binary, key) ? [wrong(`data[${key}]`, key, 'duplicate of key present in binaryData')] : []),
  ]);
}
