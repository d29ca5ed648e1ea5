import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Field, Schema } from '../../src/ir/schema.js';
import { caseFolder } from '../support/fixtures.js';
import { read, sourcesOf } from './sources.js';

/** Fixtures whose schemas come from types; markers that change a type or what is required are none of the second opinion's. */
const cases = [
  'bases-bring-their-rules',
  'comments-may-stand-in-the-line-of-their-property',
  'database-namespaced',
  'enums-keep-the-order-of-the-source',
  'memcached',
  'nullable-values',
  'optional-behind-a-name-is-optional',
  'types-come-from-many-places',
];

/**
 * Where typescript-json-schema and opgen differ, by fixture and path, and why opgen is right. Int-or-strings, any JSON and types of `opgen/api`
 * that are more than their TypeScript are not compared at all.
 */
const knownDifferences: Readonly<Record<string, string>> = {
  'nullable-values spec.note nullable': 'a marker says so',
  'optional-behind-a-name-is-optional spec members': 'the name stands for a union with `undefined`',
  'types-come-from-many-places spec.sizes type': 'the other one leaves a reference behind',
  'types-come-from-many-places spec.sizes members': 'the other one leaves a reference behind',
  'types-come-from-many-places spec.fixed type': 'the other one leaves a reference behind',
  'types-come-from-many-places spec.fixed members': 'the other one leaves a reference behind',
};

interface Opinion {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Opinion>>;
  readonly items?: Opinion;
  readonly additionalProperties?: Opinion | boolean;
  readonly anyOf?: readonly Opinion[];
  readonly allOf?: readonly Opinion[];
}

let opinionOf: (name: string, file: string, symbol: string) => Opinion;

beforeAll(async () => {
  const tjs = await import('typescript-json-schema');
  const files = cases.flatMap((name) => {
    const sources = sourcesOf('crds', name);
    for (const text of Object.values(sources)) expect(text, 'would run what it names').not.toContain('require(');
    return Object.keys(sources).map((path) => resolve(caseFolder('crds', name), path));
  });
  const program = tjs.getProgramFromFiles(files, {
    strict: true,
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'bundler',
    skipLibCheck: true,
    types: [],
    paths: { 'opgen/api': [resolve('src/api/index.ts')], 'opgen/k8s': [resolve('dist/k8s/index.d.ts')] },
  });
  const generator = tjs.buildGenerator(program, { required: true, ignoreErrors: true, uniqueNames: true, ref: false });
  opinionOf = (name, file, symbol) => {
    const path = resolve(caseFolder('crds', name), file).replace(/\.ts$/, '');
    const found = generator?.getSymbols(symbol).find((each) => each.fullyQualifiedName.includes(path));
    if (!generator || !found) throw new Error(`no \`${symbol}\` in ${path}`);
    return generator.getSchemaForSymbol(found.name) as Opinion;
  };
});

interface Difference {
  readonly path: string;
  readonly opgen: unknown;
  readonly other: unknown;
}

const sorted = (values: readonly unknown[] | undefined): readonly string[] =>
  [...(values ?? [])].map((value) => JSON.stringify(value)).sort();

const typeNames: Readonly<Record<string, string>> = { integer: 'number', map: 'object' };

/** The type without `null`, which the other opinion lists as one more. */
const typeOf = ({ type, anyOf }: Opinion): unknown => {
  const types = [type ?? anyOf?.map((each) => each.type) ?? []].flat(2).filter((each) => each !== 'null');
  return types.length === 1 ? types[0] : types;
};

const isNullable = ({ type, anyOf }: Opinion): boolean =>
  [type ?? []].flat().includes('null') || (anyOf ?? []).some((each) => each.type === 'null');

/** The part of an opinion that is not `null`; of a scalar with a flavour, the scalar. */
function bare(opinion: Opinion): Opinion {
  const others = opinion.anyOf?.filter((each) => each.type !== 'null');
  const only = others?.length === 1 ? others[0]! : opinion;
  return only.allOf?.find((each) => each.type === 'string' || each.type === 'number') ?? only;
}

function* compare(schema: Schema, whole: Opinion, path: string): Generator<Difference> {
  if (schema.kind === 'intOrString' || schema.kind === 'any' || schema.kind === 'builtin' || schema.preserveUnknown)
    return;
  const other = bare(whole);
  const differ = (part: string, mine: unknown, theirs: unknown): Difference[] =>
    JSON.stringify(mine) === JSON.stringify(theirs) ? [] : [{ path: `${path}${part}`, opgen: mine, other: theirs }];
  yield* differ(' type', typeNames[schema.kind] ?? schema.kind, typeOf(other));
  yield* differ(' nullable', schema.nullable ?? false, isNullable(whole));
  const values = other.const === undefined ? other.enum?.filter((each) => each !== null) : [other.const];
  yield* differ(' enum', sorted(schema.enum), sorted(values));
  if (schema.kind === 'array') yield* compare(schema.items, other.items ?? {}, `${path}[]`);
  if (schema.kind === 'map' && typeof other.additionalProperties === 'object')
    yield* compare(schema.values, other.additionalProperties, `${path}{}`);
  if (schema.kind === 'object') yield* compareFields(schema.fields, other, path);
}

function* compareFields(fields: readonly Field[], other: Opinion, path: string): Generator<Difference> {
  const names = fields.map((field) => field.name);
  const mine = {
    names: sorted(names),
    required: sorted(fields.filter((each) => each.required).map((each) => each.name)),
  };
  const theirs = { names: sorted(Object.keys(other.properties ?? {})), required: sorted(other.required) };
  if (JSON.stringify(mine) !== JSON.stringify(theirs)) yield { path: `${path} members`, opgen: mine, other: theirs };
  for (const { name, schema } of fields) {
    const opinion = other.properties && Object.hasOwn(other.properties, name) ? other.properties[name] : undefined;
    if (opinion) yield* compare(schema, opinion, `${path}.${name}`);
  }
}

describe('typescript-json-schema comes to the same types, enums and required members', () => {
  const seen = new Set<string>();

  test.each(cases)('%s', async (name) => {
    const { value } = await read(sourcesOf('crds', name));
    expect(value.kinds.length).toBeGreaterThan(0);
    for (const kind of value.kinds) {
      const opinion = opinionOf(name, kind.at.file, kind.kind);
      const found = kind.schema.fields.flatMap((field) => {
        const other = opinion.properties?.[field.name];
        return other ? [...compare(field.schema, other, field.name)] : [{ path: field.name, opgen: field, other }];
      });
      for (const { path } of found) seen.add(`${name} ${path}`);
      expect(found.filter(({ path }) => !Object.hasOwn(knownDifferences, `${name} ${path}`))).toEqual([]);
    }
  });

  test('every known difference still exists', () => {
    expect([...seen].sort()).toEqual(Object.keys(knownDifferences).sort());
  });
});
