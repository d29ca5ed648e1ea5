import { describe, expect, test } from 'vitest';
import { allOf, anyOf, changed, hasLabels, not } from '../../../src/runtime/controller/predicates.js';
import type { Predicate } from '../../../src/runtime/controller/types.js';
import type { Event } from '../../../src/runtime/event.js';
import type { K8sObject, ObjectMeta } from '../../../src/runtime/resource.js';
import { type WidgetObject, widget } from '../../support/widget.js';

const update = (old: ObjectMeta, metadata: ObjectMeta): Event<K8sObject> => ({
  type: 'update',
  old: { metadata: old },
  object: { metadata },
});

const others: Event<K8sObject>[] = [
  { type: 'create', object: {}, initial: true },
  { type: 'delete', object: {}, stateUnknown: false },
  { type: 'generic', object: {} },
];

describe('changed', () => {
  test.each<[keyof typeof changed, ObjectMeta, ObjectMeta]>([
    ['generation', { generation: 1 }, { generation: 2 }],
    ['resourceVersion', { resourceVersion: '1' }, { resourceVersion: '2' }],
    ['labels', { labels: { a: '1' } }, { labels: { a: '2' } }],
    ['annotations', {}, { annotations: { a: '2' } }],
    ['finalizers', { finalizers: ['a/b'] }, {}],
  ])('%s passes updates that change it, and nothing else of updates', (field, old, now) => {
    expect(changed[field](update({ ...old, name: 'x' }, { ...now, name: 'x' }))).toBe(true);
    expect(changed[field](update({ ...old, name: 'x' }, { ...old, name: 'y' }))).toBe(false);
  });

  test('passes events of every other type', () => {
    for (const predicate of Object.values(changed)) expect(others.map(predicate)).toEqual([true, true, true]);
  });

  test('takes an absent map for an empty one', () => {
    expect(changed.labels(update({}, { labels: {} }))).toBe(false);
  });
});

describe('combinations', () => {
  const [yes, no] = [() => true, () => false];
  const [event] = others as [Event<K8sObject>];

  test('anyOf, allOf and not', () => {
    expect([anyOf(no, yes)(event), anyOf(no, no)(event), anyOf()(event)]).toEqual([true, false, false]);
    expect([allOf(yes, yes)(event), allOf(yes, no)(event), allOf()(event)]).toEqual([true, false, true]);
    expect([not(yes)(event), not(no)(event)]).toEqual([false, true]);
  });

  test('predicates of one kind stand beside those of every kind', () => {
    const where: Predicate<WidgetObject> = anyOf(changed.labels, (e) => e.object.spec?.size === 2);
    expect([1, 2].map((size) => where({ type: 'update', old: widget('a'), object: widget('a', size) }))).toEqual([
      false,
      true,
    ]);
  });
});

test('hasLabels passes what has the labels, whatever happens to it', () => {
  const where = hasLabels({ matchLabels: { app: 'web' } });
  expect(where(update({}, { labels: { app: 'web' } }))).toBe(true);
  expect(where(update({ labels: { app: 'web' } }, {}))).toBe(false);
  const object = { metadata: { labels: { app: 'web', tier: 'a' } } };
  expect(hasLabels('app=web,tier in (a,b)')({ type: 'delete', object, stateUnknown: false })).toBe(true);
  expect(hasLabels('!tier')({ type: 'create', object, initial: true })).toBe(false);
  expect(() => hasLabels('app==web==x')).toThrow(TypeError);
});
