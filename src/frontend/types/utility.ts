import type { Field, ObjectSchema, Schema } from '../../ir/schema.js';
import { nearest } from '../../nearest.js';
import type { TypeScript } from '../load.js';
import { partType } from './closed.js';
import { typeSchema } from './index.js';
import { withFields } from './merge.js';
import {
  type Context,
  partScope,
  refuse,
  refusedSchema,
  type Scope,
  type Selection,
  selectionScope,
  shorten,
} from './scope.js';
import { memberNames, reportLost } from './selection.js';
import { changeFields, isCommon } from './unions.js';

/** What the utility types that keep all members make of each. */
const changes: Readonly<Record<string, (field: Field) => Field>> = {
  Readonly: (field) => field,
  Partial: (field) => ({ ...field, required: false }),
  Required: (field) => ({ ...field, required: true }),
};

const selects: readonly string[] = ['Pick', 'Omit'];

/**
 * `Partial<T>`, `Pick<T, K>` and their kin, `Record` with literal keys and `NonNullable<T>`, by what is written: the markers of the members
 * survive, which the checker does not know, and the rules of `T` that still hold.
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
    const keys = literalKeys(context, first, scope);
    return keys && { kind: 'object', fields: fieldsNamed(context, keys, second, scope), at };
  }
  if (first && second && selects.includes(name)) return selectionSchema(context, name, [first, second], node, scope);
  if (!first || !(name === 'NonNullable' || Object.hasOwn(changes, name))) return undefined;
  const schema = typeSchema(context, first, scope);
  if (schema.refused) return schema;
  if (name === 'NonNullable') return { ...schema, nullable: false };
  if (schema.kind !== 'object') return name === 'Readonly' ? schema : undefined;
  if (schema.embeddedResource && name === 'Partial') return undefined;
  const changed = changeFields(schema, changes[name]!);
  const kept = name === 'Partial' ? withoutLostRules(context, schema, changed, node) : changed;
  return withFields(kept, kept.fields);
}

/** A rule that reads a member which may now be absent would refuse every object without it. */
function withoutLostRules(
  context: Context,
  before: ObjectSchema,
  after: ObjectSchema,
  node: TypeScript.Node,
): ObjectSchema {
  const { description: _, rules = [], ...rest } = after;
  const required = before.fields.filter((field) => field.required).map((field) => field.name);
  const kept = rules.filter(({ rule }) => {
    const names = memberNames(rule);
    const lost = names?.find((each) => required.includes(each));
    if (names && lost === undefined) return true;
    reportLost(context, rule, lost, node);
    return false;
  });
  return { ...rest, ...(kept.length > 0 && { rules: kept }) } as ObjectSchema;
}

function selectionSchema(
  context: Context,
  name: string,
  [from, which]: readonly [TypeScript.TypeNode, TypeScript.TypeNode],
  node: TypeScript.Node,
  scope: Scope,
): Schema | undefined {
  const keys = literalKeys(context, which, scope);
  if (!keys) return undefined;
  const stranger = name === 'Pick' ? keys.find((key) => isStranger(context, from, key, scope)) : undefined;
  if (stranger !== undefined) return refuseStranger(context, from, stranger, which, scope);
  const named = new Set(keys);
  const outer = scope.wanted;
  const has = (key: string): boolean => named.has(key) === (name === 'Pick') && (outer?.has(key) ?? true);
  const inner = selectionScope(context, node, scope);
  if (!inner) return refusedSchema(context.sources.position(node));
  const schema = typeSchema(context, from, { ...inner, wanted: { node, has }, type: undefined });
  if (schema.refused) return schema;
  if (schema.kind !== 'object' || schema.embeddedResource) return undefined;
  const { preserveUnknown, rules, at: _ } = schema;
  const fields = schema.fields.filter((field) => has(field.name) && isCommon(schema, field.name));
  const start: ObjectSchema = {
    kind: 'object',
    fields: [],
    at: context.sources.position(node),
    ...(preserveUnknown && { preserveUnknown }),
    ...limits(schema),
    ...(rules && { rules }),
  };
  return withFields(start, fields);
}

/** Those that `selectedDocs` left. */
const limits = ({ minProperties, maxProperties }: ObjectSchema): Partial<ObjectSchema> => ({
  ...(minProperties !== undefined && { minProperties }),
  ...(maxProperties !== undefined && { maxProperties }),
});

/** `{ [K in 'a' | 'b']: T }`, if `T` does not speak of `K`, and `{ [K in keyof T]: T[K] }`. */
export function mappedSchema(context: Context, node: TypeScript.MappedTypeNode, scope: Scope): Schema | undefined {
  const { ts } = context.sources;
  const { typeParameter, type, nameType, questionToken } = node;
  if (nameType || !type || !typeParameter.constraint) return undefined;
  const same = copiedSchema(context, node, scope);
  if (same) return same;
  const keys = literalKeys(context, typeParameter.constraint, scope);
  if (!keys || mentions(context, type, typeParameter)) return undefined;
  const required = !questionToken || questionToken.kind === ts.SyntaxKind.MinusToken;
  const fields = fieldsNamed(context, keys, type, scope).map((field) => ({ ...field, required }));
  return { kind: 'object', fields, at: context.sources.position(node) };
}

/** `{ [K in keyof T]?: T[K] }`: the members of `T` with their markers. */
function copiedSchema(context: Context, node: TypeScript.MappedTypeNode, scope: Scope): Schema | undefined {
  const { ts } = context.sources;
  const { constraint, name } = node.typeParameter;
  const isKeys = constraint && ts.isTypeOperatorNode(constraint) && constraint.operator === ts.SyntaxKind.KeyOfKeyword;
  if (!isKeys || !node.type || !ts.isIndexedAccessTypeNode(node.type)) return undefined;
  const { objectType, indexType } = node.type;
  if (indexType.getText() !== name.text || objectType.getText() !== constraint.type.getText()) return undefined;
  const { questionToken } = node;
  const change = !questionToken ? 'Readonly' : questionToken.kind === ts.SyntaxKind.MinusToken ? 'Required' : 'Partial';
  return utilitySchema(context, change, [objectType], node, scope);
}

/** `T['name']`: the type of that member as it is declared. */
export function indexedSchema(
  context: Context,
  node: TypeScript.IndexedAccessTypeNode,
  scope: Scope,
): Schema | undefined {
  const [key, ...more] = literalKeys(context, node.indexType, scope) ?? [];
  if (key === undefined || more.length > 0) return undefined;
  const wanted: Selection = { has: (name) => name === key };
  if (isStranger(context, node.objectType, key, scope))
    return refuseStranger(context, node.objectType, key, node.indexType, scope);
  const inner = selectionScope(context, node, scope);
  if (!inner) return refusedSchema(context.sources.position(node));
  const found = context.diagnostics.length;
  const schema = typeSchema(context, node.objectType, { ...partScope(inner), wanted });
  if (schema.refused && context.diagnostics.length > found) return refusedSchema(context.sources.position(node));
  if (schema.kind !== 'object' || !isCommon(schema, key)) return undefined;
  return schema.fields.find((field) => field.name === key)?.schema;
}

/** Whether a type is known not to have a member of this name; of built-in types nothing is known here. */
function isStranger(context: Context, node: TypeScript.TypeNode, key: string, scope: Scope): boolean {
  const { ts, checker } = context.sources;
  const type = partType(context, node, scope);
  if (!type || (type.flags & ts.TypeFlags.Object) === 0 || checker.getIndexInfosOfType(type).length > 0) return false;
  const names = checker.getPropertiesOfType(type).map((each) => each.name);
  const isBuiltin = names.some((name) => name.startsWith('__@'));
  return names.length > 0 && !isBuiltin && !names.includes(key);
}

function refuseStranger(
  context: Context,
  from: TypeScript.TypeNode,
  key: string,
  node: TypeScript.Node,
  scope: Scope,
): Schema {
  const names = context.sources.checker.getPropertiesOfType(partType(context, from, scope)!).map((each) => each.name);
  const message = `\`${scope.subject}\` must name members of a type, but \`${shorten(from.getText())}\` has no \`${key}\``;
  const near = nearest(key, names);
  const hint =
    near === undefined
      ? `one of ${names
          .slice(0, 8)
          .map((each) => `\`${each}\``)
          .join(', ')}`
      : `did you mean \`${near}\`?`;
  return refuse(context, node, 'OG1002', message, hint);
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
    schema: typeSchema(context, type, partScope(scope, name)),
    markers,
  }));
}

/** The keys if they are string literals; the order of a union is that of its names. */
function literalKeys(context: Context, node: TypeScript.TypeNode, scope: Scope): readonly string[] | undefined {
  const type = partType(context, node, scope);
  const members = type?.isUnion() ? type.types : type ? [type] : [];
  const isLiteral = type !== undefined && members.every((member) => member.isStringLiteral());
  return isLiteral ? members.map((member) => (member as TypeScript.StringLiteralType).value).sort() : undefined;
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
