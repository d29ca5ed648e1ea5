import type { Field, ObjectSchema, Schema } from '../../ir/schema.js';
import type { TypeScript } from '../load.js';
import { typeSchema } from './index.js';
import { withFields } from './merge.js';
import type { Context, Scope } from './scope.js';

type Change = (fields: readonly Field[], keys: ReadonlySet<string>) => readonly Field[];

/** Those of them that leave everything else as it is: what holds for the whole of a type holds for one that has all of its members. */
const wholes: readonly string[] = ['Readonly', 'Required'];

/** The utility types that make one object type of another: what they do to its fields. */
const changes: Readonly<Record<string, Change>> = {
  Readonly: (fields) => fields,
  Partial: (fields) => fields.map((field) => ({ ...field, required: false })),
  Required: (fields) => fields.map((field) => ({ ...field, required: true })),
  Pick: (fields, keys) => fields.filter(({ name }) => keys.has(name)),
  Omit: (fields, keys) => fields.filter(({ name }) => !keys.has(name)),
};

/**
 * `Partial<T>`, `Pick<T, K>` and their kin, `Record` with literal keys and `NonNullable<T>`, by what is written: the markers of the members survive, which the
 * checker does not know. Rules and description of `T` itself survive where all members do:
 * they speak of the whole of it.
 */
export function utilitySchema(
  context: Context,
  name: string,
  typeArguments: readonly TypeScript.TypeNode[],
  node: TypeScript.Node,
  scope: Scope,
): Schema | undefined {
  const [first, second] = typeArguments;
  const at = context.sources.position(node);
  if (name === 'Record' && first && second) {
    const keys = literalKeys(context, first);
    return keys && { kind: 'object', fields: fieldsNamed(context, keys, second, scope), at };
  }
  if (!first || !(name === 'NonNullable' || Object.hasOwn(changes, name))) return undefined;
  const schema = typeSchema(context, first, scope);
  if (name === 'NonNullable') return { ...schema, nullable: false };
  if (schema.kind !== 'object') return name === 'Readonly' ? schema : undefined;
  if (schema.embeddedResource && !wholes.includes(name)) return undefined;
  const keys = second ? literalKeys(context, second) : [];
  const { preserveUnknown } = schema;
  const start: ObjectSchema = wholes.includes(name)
    ? schema
    : { kind: 'object', fields: [], at, ...(preserveUnknown && { preserveUnknown }) };
  return keys && withFields(start, changes[name]!(schema.fields, new Set(keys)));
}

/** `{ [K in 'a' | 'b']: T }`, if `T` does not speak of `K`. */
export function mappedSchema(context: Context, node: TypeScript.MappedTypeNode, scope: Scope): Schema | undefined {
  const { ts } = context.sources;
  const { typeParameter, type, nameType, questionToken } = node;
  const keys = typeParameter.constraint && literalKeys(context, typeParameter.constraint);
  if (!keys || !type || nameType || mentions(context, type, typeParameter)) return undefined;
  const required = !questionToken || questionToken.kind === ts.SyntaxKind.MinusToken;
  const fields = fieldsNamed(context, keys, type, scope).map((field) => ({ ...field, required }));
  return { kind: 'object', fields, at: context.sources.position(node) };
}

/** `T['name']`: the type of that member as it is declared. */
export function indexedSchema(
  context: Context,
  node: TypeScript.IndexedAccessTypeNode,
  scope: Scope,
): Schema | undefined {
  const [key, ...more] = literalKeys(context, node.indexType) ?? [];
  if (key === undefined || more.length > 0) return undefined;
  const schema = typeSchema(context, node.objectType, scope);
  return schema.kind === 'object' ? schema.fields.find((field) => field.name === key)?.schema : undefined;
}

function fieldsNamed(
  context: Context,
  keys: readonly string[],
  type: TypeScript.TypeNode,
  scope: Scope,
): readonly Field[] {
  const markers = { list: [], all: () => [] };
  return keys.map((name) => ({
    name,
    required: true,
    schema: typeSchema(context, type, { ...scope, subject: name }),
    markers,
  }));
}

/** The keys if they are string literals; the order of a union is that of its names. */
function literalKeys({ sources: { checker } }: Context, node: TypeScript.TypeNode): readonly string[] | undefined {
  const type = checker.getTypeFromTypeNode(node);
  const members = type.isUnion() ? type.types : [type];
  return members.every((member) => member.isStringLiteral()) ? members.map((member) => member.value).sort() : undefined;
}

function mentions(
  { sources: { ts, checker } }: Context,
  type: TypeScript.Node,
  parameter: TypeScript.TypeParameterDeclaration,
): boolean {
  const symbol = checker.getSymbolAtLocation(parameter.name);
  const visit = (node: TypeScript.Node): boolean =>
    (ts.isIdentifier(node) && checker.getSymbolAtLocation(node) === symbol) || (ts.forEachChild(node, visit) ?? false);
  return visit(type);
}
