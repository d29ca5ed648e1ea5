import type { Schema } from '../../ir/schema.js';
import type { TypeScript } from '../load.js';
import { closedType } from './closed.js';
import { computedSchema } from './computed.js';
import { typeSchema } from './index.js';
import { literalSchema } from './literals.js';
import { resolveSymbol } from './reference.js';
import { type Context, partScope, refuse, refusedSchema, type Scope, shorten } from './scope.js';
import { variantsSchema } from './variants.js';

/** `T | null` is nullable, a union of literals an enum, `string | number` an int-or-string; `undefined` is said by the property. */
export function unionSchema(context: Context, node: TypeScript.UnionTypeNode, scope: Scope): Schema {
  const { ts } = context.sources;
  const members = flatten(context, node).filter((member) => member.kind !== ts.SyntaxKind.UndefinedKeyword);
  const rest = members.filter((member) => !isNull(context, member));
  const schema = membersSchema(context, node, rest, scope);
  return rest.length < members.length ? { ...schema, nullable: true } : schema;
}

function membersSchema(
  context: Context,
  node: TypeScript.UnionTypeNode,
  members: readonly TypeScript.TypeNode[],
  scope: Scope,
): Schema {
  const { ts } = context.sources;
  const [only, ...others] = members;
  if (only && others.length === 0) return typeSchema(context, only, scope);
  const isLiteral = (member: TypeScript.TypeNode): member is TypeScript.LiteralTypeNode => ts.isLiteralTypeNode(member);
  if (members.length > 0 && members.every(isLiteral)) return literalSchema(context, members, scope);
  const kinds = new Set(members.map((member) => member.kind));
  const isIntOrString =
    kinds.size === 2 && kinds.has(ts.SyntaxKind.StringKeyword) && kinds.has(ts.SyntaxKind.NumberKeyword);
  if (isIntOrString) return { kind: 'intOrString', at: context.sources.position(node) };
  if (members.length > 0 && members.every((member) => isLiteral(member) || isNamedOrObject(context, member)))
    return namedUnion(context, node, members, scope);
  return computedSchema(context, closedType(context, node, scope), node, scope);
}

/** Types whose schema says by itself whether it is an enum or an object. */
const isNamedOrObject = ({ sources: { ts } }: Context, node: TypeScript.TypeNode): boolean =>
  ts.isTypeReferenceNode(node) ||
  ts.isImportTypeNode(node) ||
  ts.isTypeLiteralNode(node) ||
  ts.isIntersectionTypeNode(node);

function namedUnion(
  context: Context,
  node: TypeScript.UnionTypeNode,
  members: readonly TypeScript.TypeNode[],
  scope: Scope,
): Schema {
  const at = context.sources.position(node);
  const schemas = members.map((member) => typeSchema(context, member, partScope(scope)));
  if (schemas.some((schema) => schema.refused)) return refusedSchema(at);
  const merged = mergeEnums(schemas);
  if (merged) return { ...merged, at };
  const variants = schemas.flatMap((schema, index) =>
    schema.kind === 'object' ? [{ name: shorten(members[index]!.getText()), schema }] : [],
  );
  return variants.length === schemas.length
    ? variantsSchema(context, variants, node, scope)
    : refuseUnion(context, node, scope);
}

/** Unions of literals and of names for unions of literals are one enum. */
function mergeEnums(schemas: readonly Schema[]): Schema | undefined {
  const [first] = schemas;
  if (!first || !schemas.every((schema) => schema.enum && schema.kind === first.kind)) return undefined;
  const values = [...new Set(schemas.flatMap((schema) => schema.enum!))];
  const nullable = schemas.some((schema) => schema.nullable);
  return { kind: first.kind, enum: values, at: first.at, ...(nullable && { nullable }) } as Schema;
}

function refuseUnion(context: Context, node: TypeScript.UnionTypeNode, scope: Scope): Schema {
  const message = `\`${scope.subject}\` must have one type, but \`${shorten(node.getText())}\` is a union of several`;
  const hint = 'use a union of literals, one object whose optional properties are the alternatives, or `IntOrString`';
  return refuse(context, node, 'OG1002', message, hint);
}

function flatten(context: Context, node: TypeScript.TypeNode): readonly TypeScript.TypeNode[] {
  const { ts } = context.sources;
  if (ts.isParenthesizedTypeNode(node)) return flatten(context, node.type);
  return ts.isUnionTypeNode(node) ? node.types.flatMap((each) => flatten(context, each)) : [node];
}

const isNull = ({ sources: { ts } }: Context, node: TypeScript.TypeNode): boolean =>
  ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword;

/** Whether a type includes `undefined`, directly, behind a name or through a type argument: the property is optional then. */
export function includesUndefined(context: Context, node: TypeScript.TypeNode, scope: Scope): boolean {
  const { ts, checker } = context.sources;
  return flatten(context, node).some((member) => {
    if (member.kind === ts.SyntaxKind.UndefinedKeyword) return true;
    if (!ts.isTypeReferenceNode(member)) return false;
    const symbol = resolveSymbol(context, member.typeName);
    const bound = symbol && scope.typeArguments.get(symbol);
    if (bound) return includesUndefined(context, bound.node, bound.scope);
    const type = checker.getTypeFromTypeNode(member);
    return type.isUnion() && type.types.some((each) => each.flags & ts.TypeFlags.Undefined);
  });
}
