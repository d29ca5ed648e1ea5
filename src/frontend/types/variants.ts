import { isDeepStrictEqual } from 'node:util';
import { escapeName } from '../../cel/escape.js';
import type { Field, Json, ObjectSchema, Schema, Variant } from '../../ir/schema.js';
import type { TypeScript } from '../load.js';
import { enumSchema } from './literals.js';
import { meaning } from './merge.js';
import { type Context, refuse, refusedSchema, type Scope, shorten } from './scope.js';

/** A member of a union of object types, and how messages call it. */
export interface NamedVariant {
  readonly name: string;
  readonly schema: ObjectSchema;
}

type Value = Variant['values'][number];

/**
 * One object for a union of object types that a literal member tells apart: with the members of all variants, each required if all variants
 * require it. What a variant demands beyond that is in `unions`.
 */
export function variantsSchema(
  context: Context,
  variants: readonly NamedVariant[],
  node: TypeScript.Node,
  scope: Scope,
): Schema {
  const flat = variants.flatMap(inner);
  const discriminator = discriminatorOf(flat);
  const [all, name] = discriminator !== undefined ? [flat, discriminator] : [variants, discriminatorOf(variants)];
  if (name === undefined) return refuseAlike(context, flat, node, scope);
  const found = context.diagnostics.length;
  const fields = mergedFields(context, all, name, node, scope);
  const whole = mergedWhole(context, all, node);
  reportHidden(context, all, name);
  if (context.diagnostics.length > found) return refusedSchema(context.sources.position(node));
  const union = {
    discriminator: name,
    variants: all.map(({ schema }) => ({ values: valuesOf(schema, name)!, schema })),
  };
  return { kind: 'object', fields, ...whole, unions: [union], at: context.sources.position(node) };
}

/** The variants of a union that is a variant itself. */
function inner({ name, schema }: NamedVariant): readonly NamedVariant[] {
  const { unions, rules, ...rest } = schema;
  if (unions?.length !== 1) return [{ name, schema }];
  return unions[0]!.variants.map((variant) => ({
    name,
    schema: { ...rest, ...variant.schema, rules: [...(rules ?? []), ...(variant.schema.rules ?? [])] },
  }));
}

function valuesOf(schema: ObjectSchema, name: string): readonly Value[] | undefined {
  const field = schema.fields.find((each) => each.name === name);
  if (!field?.schema.enum || field.schema.nullable) return undefined;
  return field.schema.enum as readonly Value[];
}

const namesOf = (variants: readonly NamedVariant[]): readonly string[] => [
  ...new Set(variants.flatMap(({ schema }) => schema.fields.map(({ name }) => name))),
];

/** Members that are literals in all variants, of one type. */
function literalMembers(variants: readonly NamedVariant[]): readonly string[] {
  return namesOf(variants).filter((name) => {
    const values = variants.map(({ schema }) => valuesOf(schema, name));
    return values.every((each) => each !== undefined) && new Set(values.flat().map((each) => typeof each)).size === 1;
  });
}

/** The first literal member whose values differ between all variants. */
const discriminatorOf = (variants: readonly NamedVariant[]): string | undefined =>
  literalMembers(variants).find((name) => sharedValue(variants, name) === undefined);

/** A value that two variants have. */
function sharedValue(
  variants: readonly NamedVariant[],
  name: string,
): { readonly value: Value; readonly names: readonly string[] } | undefined {
  const owners = new Map<Value, string>();
  for (const { name: variant, schema } of variants) {
    for (const value of valuesOf(schema, name)!) {
      const owner = owners.get(value);
      if (owner !== undefined) return { value, names: [owner, variant] };
      owners.set(value, variant);
    }
  }
  return undefined;
}

function refuseAlike(context: Context, variants: readonly NamedVariant[], node: TypeScript.Node, scope: Scope): Schema {
  const [name] = literalMembers(variants);
  const shared = name === undefined ? undefined : sharedValue(variants, name)!;
  if (!shared) {
    const message = `The variants of \`${scope.subject}\` must have a literal member that tells them apart, but \`${shorten(node.getText())}\` has none`;
    const hint = "add one to each, such as `type: 'a'` and `type: 'b'`, or use one object with optional properties";
    return refuse(context, node, 'OG1002', message, hint);
  }
  const owners = [...new Set(shared.names)].map((each) => `\`${each}\``).join(' and ');
  const message = `The variants of \`${scope.subject}\` must differ in \`${name}\`, but \`${shared.value}\` stands for several: ${owners}`;
  return refuse(context, node, 'OG1002', message, 'give each variant a value of its own, or merge the two');
}

function mergedFields(
  context: Context,
  variants: readonly NamedVariant[],
  discriminator: string,
  node: TypeScript.Node,
  scope: Scope,
): readonly Field[] {
  return namesOf(variants).map((name) => {
    const having = variants.flatMap((variant) => {
      const field = variant.schema.fields.find((each) => each.name === name);
      return field ? [{ variant, field }] : [];
    });
    const first = having[0]!.field;
    const isCommon = having.length === variants.length;
    const schema = name === discriminator ? discriminatorSchema(context, variants, name, node, scope) : first.schema;
    for (const { field, variant } of having.slice(1)) {
      if (name !== discriminator && !isDeepStrictEqual(meaning(field.schema), meaning(first.schema)))
        refuseDifferent(context, name, field, having[0]!.variant.name, variant.name);
    }
    if (!isCommon) reportDefaults(context, name, having);
    const description = having.map(({ field }) => field.schema.description).find((text) => text !== undefined);
    return {
      ...first,
      required: isCommon && having.every(({ field }) => field.required),
      schema: description === undefined ? schema : { ...schema, description },
    };
  });
}

function report(context: Context, at: Schema['at'], message: string, hint: string): void {
  context.diagnostics.push({ code: 'OG1002', severity: 'error', at, message, hint });
}

function refuseDifferent(context: Context, name: string, field: Field, first: string, second: string): void {
  const message = `The variants of a union must agree on \`${name}\`, but \`${first}\` and \`${second}\` declare it differently`;
  report(context, field.schema.at, message, `give them the same type and the same markers, or rename one of the two`);
}

/** The API server fills in a default whatever the discriminator says: objects of other variants would be refused. */
function reportDefaults(context: Context, name: string, having: readonly { readonly field: Field }[]): void {
  for (const { field } of having.filter((each) => each.field.schema.default !== undefined)) {
    const message = `A property with a default must be in every variant of its union, but \`${name}\` is in some only`;
    report(context, field.schema.at, message, 'remove the default, or add the property to the other variants');
  }
}

/** The enum of all values, in source order. */
function discriminatorSchema(
  context: Context,
  variants: readonly NamedVariant[],
  name: string,
  node: TypeScript.Node,
  scope: Scope,
): Schema {
  const schemas = variants.map(({ schema }) => schema.fields.find((each) => each.name === name)!.schema);
  const values = schemas.flatMap((schema) => schema.enum as readonly Json[]);
  const merged = enumSchema(context, values, node, { ...scope, subject: name });
  const { enum: _, default: __, ...first } = schemas[0]!;
  const chosen = schemas.find((schema) => schema.default !== undefined)?.default;
  return {
    ...first,
    ...merged,
    at: first.at,
    ...(chosen !== undefined && { default: chosen }),
  } as Schema;
}

const wholeKeys = [
  'minProperties',
  'maxProperties',
  'mapType',
  'preserveUnknown',
  'embeddedResource',
  'junctors',
] as const;

/** What stands on a whole variant holds for all of them, or cannot be said; rules can. */
function mergedWhole(
  context: Context,
  variants: readonly NamedVariant[],
  node: TypeScript.Node,
): Partial<ObjectSchema> {
  const [first, ...rest] = variants;
  const pick = ({ schema }: NamedVariant) =>
    Object.fromEntries(wholeKeys.flatMap((key) => (schema[key] === undefined ? [] : [[key, schema[key]]])));
  for (const each of rest.filter((other) => !isDeepStrictEqual(pick(other), pick(first!)))) {
    const message = `The markers of whole variants must be the same, but those of \`${first!.name}\` and \`${each.name}\` differ`;
    refuse(context, node, 'OG1002', message, 'put them on the union, or write a `@rule`');
  }
  const nullable = variants.some(({ schema }) => schema.nullable);
  return { ...pick(first!), ...(nullable && { nullable }) };
}

/** Rules have to speak of the discriminator and of the members that not all variants have. */
function reportHidden(context: Context, variants: readonly NamedVariant[], discriminator: string): void {
  for (const name of namesOf(variants)) {
    const having = variants.flatMap(({ schema }) => schema.fields.find((each) => each.name === name) ?? []);
    const isSame = having.length === variants.length && new Set(having.map(({ required }) => required)).size === 1;
    if (escapeName(name) !== undefined || (isSame && name !== discriminator)) continue;
    const message = `The rules of a union must name \`${name}\`, but CEL has no name for it`;
    report(context, having[0]!.schema.at, message, 'rename it: letters, digits, `_`, `-`, `.` and `/`, no digit first');
  }
}
