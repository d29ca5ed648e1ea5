import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics.js';
import {
  checkClash,
  checkDomain,
  checkForeignVersion,
  checkGroup,
  checkKind,
  checkPlural,
  checkProjectName,
  checkQualifiedGroup,
  checkVersion,
} from '../../src/project/names.js';

const long = 'a'.repeat(64);

test.each([
  ['domain', checkDomain, ['example.com', 'my.domain', 'local', 'x-k8s.io', 'a-b.1c.io']],
  ['project name', checkProjectName, ['a', '9', 'cache-operator', 'a'.repeat(63)]],
  ['group', checkGroup, ['', 'cache', 'my.cache', '1c']],
  ['version', checkVersion, ['v1', 'v10', 'v1alpha1', 'v2beta3']],
  ['foreign version', checkForeignVersion, ['v1', 'v1api20200601', 'stable']],
  ['kind', checkKind, ['Memcached', 'V1', 'HTTPRoute', 'Condition', 'A'.repeat(59)]],
  ['plural', checkPlural, ['memcacheds', 'my-things', 'a'.repeat(63)]],
])('valid %s', (_, check, names) => {
  expect(names.map((name) => check(name))).toEqual(names.map(() => undefined));
});

test.each([
  ['domain', checkDomain, 'Example.com', 'has the character "E"', 'example.com'],
  ['domain', checkDomain, '', 'is empty', 'my.domain'],
  ['domain', checkDomain, 'example..com', 'has a dot too many', 'example.com'],
  ['domain', checkDomain, 'my_domain.io', 'has the character "_"', 'my-domain.io'],
  ['domain', checkDomain, '-a.io', 'starts with `-`', 'a.io'],
  ['domain', checkDomain, `${'a.'.repeat(127)}io`, 'has 256 characters', `${'a.'.repeat(126)}a`],
  ['domain', checkDomain, 'k8s.io', 'ends with `k8s.io`', 'my.domain'],
  ['domain', checkDomain, 'x.kubernetes.io', 'ends with `kubernetes.io`', 'x.my.domain'],
  ['project name', checkProjectName, 'CacheOperator', 'has the character "C"', 'cache-operator'],
  ['project name', checkProjectName, 'cache-', 'ends with `-`', 'cache'],
  ['project name', checkProjectName, long, 'has 64 characters', 'a'.repeat(63)],
  ['project name', checkProjectName, '日本', 'has the character "日"', 'my-operator'],
  ['project name', checkProjectName, '../../etc', 'has the character "."', 'etc'],
  ['group', checkGroup, 'ca/che', 'has the character "/"', 'ca-che'],
  ['group', checkGroup, '..', 'has a dot too many', 'cache'],
  ['version', checkVersion, '1', 'has not', 'v1'],
  ['version', checkVersion, 'V1Alpha1', 'has not', 'v1alpha1'],
  ['version', checkVersion, 'v1beta', 'has not', 'v1beta1'],
  ['version', checkVersion, 'v0', 'has not', 'v1alpha1'],
  ['version', checkVersion, 'v1alpha01', 'has not', 'v1alpha1'],
  ['version', checkVersion, 'latest', 'has not', 'v1alpha1'],
  ['version', checkVersion, 'v1\n', 'has not', 'v1'],
  ['foreign version', checkForeignVersion, '2020-01-01', 'starts with `2`', 'v1'],
  ['kind', checkKind, 'memcached', 'starts with `m`', 'Memcached'],
  ['kind', checkKind, 'My_Kind', 'has the character "_"', 'MyKind'],
  ['kind', checkKind, '3Scale', 'starts with `3`', 'Scale'],
  ['kind', checkKind, 'A'.repeat(60), 'has 60 characters', 'A'.repeat(59)],
  ['kind', checkKind, 'CustomResource', 'is the name of another type', 'MyCustomResource'],
  ['kind', checkKind, 'GroupVersion', 'is the name of another type or file', 'MyGroupVersion'],
  ['kind', checkKind, 'Con', 'is the name of another type or file', 'MyCon'],
  ['kind', checkKind, 'Größe', 'has the character "ö"', 'GrE'],
  ['plural', checkPlural, '1s', 'starts with `1`', 's'],
  ['plural', checkPlural, 'Memcacheds', 'has the character "M"', 'memcacheds'],
])('%s: %#', (_, check, name, fact, fix) => {
  const found = check(name);
  expect(found).toMatchObject({ code: 'OG5004', severity: 'error', message: expect.stringContaining(`but `) });
  expect(found?.message).toContain(fact);
  expect(found?.hint).toBe(`use \`${fix}\``);
});

test.each([
  ['cache', 'example.com', undefined],
  ['', 'example.com', undefined],
  ['cache.example.com', '', undefined],
  ['cache', 'local', undefined],
  ['cache', '', 'N2'],
  ['', 'local', 'N2'],
  ['', '', 'N2'],
  ['apps', 'k8s.io', 'N6'],
  ['apps.kubernetes.io', '', 'N6'],
  ['a'.repeat(250), 'example.com', 'N2'],
])('the API group of %s and %s: %s', (group, domain, rule) => {
  expect(checkQualifiedGroup(group, domain)?.rule).toBe(rule);
});

test('a group that has the domain already is told to leave it out', () => {
  expect(checkQualifiedGroup('cache.example.com', 'example.com')?.hint).toBe('use `cache`');
});

test.each([
  [{ kind: 'Foo' }, { kind: 'FooList' }, 'FooList'],
  [{ kind: 'FooList' }, { kind: 'Foo' }, 'FooList'],
  [{ kind: 'Foo' }, { kind: 'FOO' }, 'foo'],
  [{ kind: 'Foo' }, { kind: 'Foos' }, 'foos'],
  [{ kind: 'Foo', plural: 'bar' }, { kind: 'Bar' }, 'bar'],
  [{ kind: 'Foo' }, { kind: 'Foo', plural: 'other' }, undefined],
  [{ kind: 'Foo' }, { kind: 'Bar' }, undefined],
])('the names of %j and %j', (own, other, name) => {
  const clash: Diagnostic | undefined = checkClash(own, [other]);
  if (name === undefined) expect(clash).toBeUndefined();
  else expect(clash).toMatchObject({ rule: 'N8', message: expect.stringContaining(`called \`${name}\``) });
});

const checks = [checkDomain, checkProjectName, checkGroup, checkVersion, checkForeignVersion, checkKind, checkPlural];
const anyName = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'aZ09-._/ v') }));

test('what a check suggests passes the check', () => {
  fc.assert(
    fc.property(anyName, fc.constantFrom(...checks), (name, check) => {
      const found = check(name);
      if (found !== undefined) expect(check(/`(.*)`/.exec(found.hint!)![1]!)).toBeUndefined();
    }),
  );
});

test('a name that passes is one segment of a path', () => {
  fc.assert(
    fc.property(anyName, fc.constantFrom(...checks), (name, check) => {
      if (check(name) === undefined && name !== '') expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9.-]*$/);
    }),
  );
});
