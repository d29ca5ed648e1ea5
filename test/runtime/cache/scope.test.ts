import { describe, expect, test } from 'vitest';
import { isOfPart, scopeOf } from '../../../src/runtime/cache/scope.js';
import { defineResource } from '../../../src/runtime/define.js';
import { Memcached } from './scripted.js';

const Node = defineResource({ group: '', version: 'v1', kind: 'Node', namespaced: false });
const identity = (each: unknown) => each;

describe('scopeOf', () => {
  test('without options it is everything', () => {
    expect(scopeOf(Memcached, {})).toEqual({ parts: [{}], resyncEvery: 36_000_000, stripManagedFields: true });
    expect(scopeOf(Memcached, { namespaces: {} }).parts).toEqual([{}]);
  });

  test('selectors of the kind win over those of the cache, each for itself', () => {
    const { parts, transform } = scopeOf(Memcached, {
      labels: 'all',
      fields: 'all=1',
      transform: identity,
      byResource: [[{ ...Memcached }, { labels: 'own' }]],
    });
    expect(parts).toEqual([{ labels: 'own', fields: 'all=1' }]);
    expect(transform).toBe(identity);
  });

  test('a namespace of the kind, the kind, a namespace of the cache, the cache: the first wins', () => {
    const options = { namespaces: { a: { labels: 'of a' }, b: {} }, labels: 'all' };
    expect(scopeOf(Memcached, options).parts).toEqual([
      { namespace: 'a', labels: 'of a' },
      { namespace: 'b', labels: 'all' },
    ]);
    const own = { namespaces: { a: {}, c: { labels: 'of c' } }, labels: 'own' };
    expect(scopeOf(Memcached, { ...options, byResource: [[Memcached, own]] }).parts).toEqual([
      { namespace: 'a', labels: 'own' },
      { namespace: 'c', labels: 'of c' },
    ]);
  });

  test('another kind is not concerned', () => {
    expect(scopeOf(Node, { byResource: [[Memcached, { labels: 'own' }]] }).parts).toEqual([{}]);
  });

  test('a kind of the cluster has no namespaces', () => {
    expect(scopeOf(Node, { namespaces: { a: {} }, labels: 'all' }).parts).toEqual([{ labels: 'all' }]);
  });

  test('the namespace without a name is all those that are not named', () => {
    const { parts } = scopeOf(Memcached, { namespaces: { '': { fields: 'spec.x=1' }, a: {}, b: {} } });
    const [rest] = parts;
    expect(rest).toEqual({ fields: 'spec.x=1,metadata.namespace!=a,metadata.namespace!=b' });
    expect(['a', 'b', 'c'].map((namespace) => rest && isOfPart(rest, parts, namespace))).toEqual([false, false, true]);
  });
});

test('namespaces of a kind of the cluster are a mistake where they are its own', () => {
  const Node = { ...Memcached, kind: 'Node', plural: 'nodes', namespaced: false };
  expect(scopeOf(Node, { namespaces: { default: {} } }).parts).toEqual([{}]);
  expect(() => scopeOf(Node, { byResource: [[Node, { namespaces: { default: {} } }]] })).toThrow(
    '`cache.byResource` names namespaces for nodes.cache.example.com, but they have none. hint: leave out `namespaces`',
  );
});
