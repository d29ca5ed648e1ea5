import { expect, test } from 'vitest';
import { checkedQueue } from '../../../src/runtime/controller/queue.js';
import type { SourceQueue } from '../../../src/runtime/controller/types.js';
import type { AnyResource } from '../../../src/runtime/resource.js';
import { recordingLogger } from '../../support/log.js';
import { Widget } from '../../support/widget.js';

const ofCluster: AnyResource = { ...Widget, namespaced: false };

/** What comes into the queue of a controller of the kind, and what is logged, when a source adds this. */
function added(resource: AnyResource, ...args: Parameters<SourceQueue['add']>) {
  const { log, lines } = recordingLogger();
  const keys: [string, object][] = [];
  checkedQueue(resource, (key, o) => void keys.push([key, o]), log).add(...args);
  return { keys, errors: lines.map(({ level, error }) => `${level}: ${error}`) };
}

test('keys and options pass as they are', () => {
  const { keys, errors } = added(Widget, { name: 'a', namespace: 'n' }, { after: 5, priority: -1, rateLimited: true });
  expect(keys).toEqual([['n/a', { after: 5, priority: -1, rateLimited: true }]]);
  expect(errors).toEqual([]);
});

test('an object of the cluster has one key, whatever namespace comes with it', () => {
  expect(added(ofCluster, { name: 'a', namespace: 'n' }).keys).toEqual([['a', {}]]);
  expect(added(ofCluster, { name: 'a' }).keys).toEqual([['a', {}]]);
});

test.each([
  [undefined, 'error: A key must have a `name`, but it is undefined'],
  [{}, 'error: A key must have a `name`, but it is undefined'],
  [{ name: '', namespace: 'n' }, 'error: A key must have a `name`, but it is ""'],
  [{ name: 'a' }, 'error: A key of a Widget must have a `namespace`, but it is undefined'],
])('the key %j is logged and dropped', (key, error) => {
  expect(added(Widget, key as never)).toEqual({ keys: [], errors: [error] });
});

test.each([
  [{ after: Number.NaN, priority: 3 }, { priority: 3 }, 'error: `after` must be a number, but is NaN'],
  [{ after: Number.POSITIVE_INFINITY }, {}, 'error: `after` must be a number, but is Infinity'],
  [{ priority: Number.NaN, after: 7 }, { after: 7 }, 'error: `priority` must be a number, but is NaN'],
])('of %o, what is no number is logged and left out', (options, left, error) => {
  expect(added(Widget, { name: 'a', namespace: 'n' }, options)).toEqual({ keys: [['n/a', left]], errors: [error] });
});
