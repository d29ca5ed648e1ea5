import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type Condition,
  findCondition,
  isConditionFalse,
  isConditionTrue,
  removeCondition,
  setCondition,
} from '../../src/runtime/conditions.js';

const at = '2030-01-02T03:04:05Z';
const ready = {
  type: 'Ready',
  status: 'False',
  reason: 'Progressing',
  message: 'wait',
  observedGeneration: 1,
} as const;

describe('setCondition', () => {
  beforeEach(() => vi.useFakeTimers({ now: new Date('2030-01-02T03:04:05.678Z') }));
  afterEach(() => vi.useRealTimers());

  test('appends a new type, with the time of now in seconds', () => {
    const list: Condition[] = [{ ...ready, type: 'Other', lastTransitionTime: 'x' }];
    expect(setCondition(list, ready)).toBe(true);
    expect(list[1]).toEqual({ ...ready, lastTransitionTime: at });
  });

  test('the same again changes nothing', () => {
    const list: Condition[] = [];
    setCondition(list, ready);
    vi.setSystemTime(new Date('2030-01-03T00:00:00Z'));
    expect(setCondition(list, ready)).toBe(false);
    expect(list).toEqual([{ ...ready, lastTransitionTime: at }]);
  });

  test('the time moves with the status only', () => {
    const list: Condition[] = [];
    setCondition(list, ready);
    vi.setSystemTime(new Date('2030-01-03T00:00:00Z'));
    expect(setCondition(list, { ...ready, reason: 'Other', message: 'more', observedGeneration: 2 })).toBe(true);
    expect(list).toEqual([
      { ...ready, reason: 'Other', message: 'more', observedGeneration: 2, lastTransitionTime: at },
    ]);
    expect(setCondition(list, { ...ready, status: 'True' })).toBe(true);
    expect(list[0]?.lastTransitionTime).toBe('2030-01-03T00:00:00Z');
  });

  test('a given time wins where the status changes, and counts nothing elsewhere', () => {
    const list: Condition[] = [];
    setCondition(list, { ...ready, lastTransitionTime: '2029-01-01T00:00:00Z' });
    expect(list[0]?.lastTransitionTime).toBe('2029-01-01T00:00:00Z');
    expect(setCondition(list, { ...ready, lastTransitionTime: at })).toBe(false);
    expect(list[0]?.lastTransitionTime).toBe('2029-01-01T00:00:00Z');
  });

  test('an undefined observedGeneration is absent', () => {
    const list: Condition[] = [];
    setCondition(list, ready);
    expect(setCondition(list, { ...ready, observedGeneration: undefined })).toBe(true);
    expect(list[0] && 'observedGeneration' in list[0]).toBe(false);
  });
});

test('find, remove and the two questions', () => {
  const list: Condition[] = [
    { ...ready, lastTransitionTime: at },
    { ...ready, type: 'Synced', status: 'True', lastTransitionTime: at },
    { ...ready, type: 'Degraded', status: 'Unknown', lastTransitionTime: at },
  ];
  expect(findCondition(list, 'Synced')?.status).toBe('True');
  expect(findCondition(undefined, 'Synced')).toBeUndefined();
  const types = ['Ready', 'Synced', 'Degraded', 'Missing'];
  expect(types.map((type) => isConditionTrue(list, type))).toEqual([false, true, false, false]);
  expect(types.map((type) => isConditionFalse(list, type))).toEqual([true, false, false, false]);
  expect([removeCondition(list, 'Ready'), removeCondition(list, 'Ready'), removeCondition(undefined, 'x')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(list.map(({ type }) => type)).toEqual(['Synced', 'Degraded']);
});
