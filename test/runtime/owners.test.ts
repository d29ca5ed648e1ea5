import { describe, expect, test } from 'vitest';
import {
  AlreadyOwnedError,
  controllerOf,
  hasOwner,
  removeOwnerReference,
  setControllerReference,
  setOwnerReference,
} from '../../src/runtime/owners.js';
import type { K8sObject } from '../../src/runtime/resource.js';

const owner = (rest: object = {}): K8sObject => ({
  apiVersion: 'demo.example.com/v1',
  kind: 'Site',
  metadata: { name: 's', namespace: 'd', uid: 'u', ...rest },
});
const object = (rest: object = {}): K8sObject => ({ kind: 'Pod', metadata: { name: 'p', namespace: 'd', ...rest } });
const reference = { apiVersion: 'demo.example.com/v1', kind: 'Site', name: 's', uid: 'u' };
const controller = { ...reference, controller: true, blockOwnerDeletion: true };

describe('setControllerReference', () => {
  test('adds the reference once', () => {
    const pod = object();
    setControllerReference(owner(), pod);
    setControllerReference(owner(), pod);
    expect(pod.metadata?.ownerReferences).toEqual([controller]);
    expect(controllerOf(pod)).toEqual(controller);
  });

  test('takes the newer version and uid of the same owner, at its place', () => {
    const pod = object({ ownerReferences: [controller, { ...reference, kind: 'Other' }] });
    setControllerReference({ ...owner({ uid: 'u2' }), apiVersion: 'demo.example.com/v2' }, pod, {
      blockOwnerDeletion: false,
    });
    expect(pod.metadata?.ownerReferences?.[0]).toEqual({
      ...controller,
      apiVersion: 'demo.example.com/v2',
      uid: 'u2',
      blockOwnerDeletion: false,
    });
  });

  test('makes an owner the controller', () => {
    const pod = object();
    setOwnerReference(owner(), pod);
    expect(controllerOf(pod)).toBeUndefined();
    setControllerReference(owner(), pod);
    expect(pod.metadata?.ownerReferences).toEqual([controller]);
    setOwnerReference(owner(), pod);
    expect(pod.metadata?.ownerReferences).toEqual([controller]);
  });

  test('another controller is an error, and the object stays as it was', () => {
    const pod = object({ ownerReferences: [{ ...controller, name: 'other' }] });
    const before = structuredClone(pod);
    expect(() => setControllerReference(owner(), pod)).toThrow(AlreadyOwnedError);
    expect(() => setControllerReference(owner(), pod)).toThrow(
      'Pod `p` must have one controller, but it belongs to the Site `other` already',
    );
    expect(pod).toEqual(before);
  });

  test.each([
    ['`apiVersion`', { ...owner(), apiVersion: '' }],
    ['`kind`', { apiVersion: 'v1', metadata: { name: 's', namespace: 'd', uid: 'u' } }],
    ['`metadata.name`', owner({ name: '' })],
    ['`metadata.uid`', owner({ uid: '' })],
    ['`metadata.name`', { apiVersion: 'v1', kind: 'Site' }],
  ])('an owner without %s is an error', (member, wrong) => {
    const pod = object();
    for (const set of [setControllerReference, setOwnerReference])
      expect(() => set(wrong as K8sObject, pod)).toThrow(`An owner must have ${member}, but has none`);
    expect(pod).toEqual(object());
  });

  test('an owner must be of the namespace, or of the cluster', () => {
    for (const set of [setControllerReference, setOwnerReference]) {
      expect(() => set(owner({ namespace: 'e' }), object())).toThrow('must be in its namespace `d`, but is in `e`');
      expect(() => set(owner(), { kind: 'Node', metadata: { name: 'n' } })).toThrow('must not be in a namespace');
      const pod = object();
      set(owner({ namespace: undefined }), pod);
      expect(pod.metadata?.ownerReferences?.length).toBe(1);
    }
  });

  test('an object without metadata gets some', () => {
    const bare: K8sObject = {};
    setOwnerReference(owner({ namespace: undefined }), bare);
    expect(bare.metadata?.ownerReferences).toEqual([reference]);
  });
});

test('hasOwner and removeOwnerReference go by group, kind and name', () => {
  const pod = object({ ownerReferences: [controller, { ...reference, name: 'other' }] });
  const other = { ...owner(), apiVersion: 'demo.example.com/v9' };
  expect([hasOwner(pod, other), hasOwner(pod, { ...owner(), apiVersion: 'v1' }), hasOwner({}, owner())]).toEqual([
    true,
    false,
    false,
  ]);
  expect([removeOwnerReference(other, pod), removeOwnerReference(other, pod)]).toEqual([true, false]);
  expect(pod.metadata?.ownerReferences).toEqual([{ ...reference, name: 'other' }]);
  expect(removeOwnerReference(owner(), {})).toBe(false);
});
