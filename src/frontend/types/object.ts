import { isDeepStrictEqual } from 'node:util';
import type { Field, ObjectSchema, Schema } from '../../ir/schema.js';
import { describeSchema } from '../../ir/schema.js';
import type { TypeScript } from '../load.js';
import { closedType, elementType, isString, partType } from './closed.js';
import { computedSchema } from './computed.js';
import { memberField } from './field.js';
import { refuseUnknown, typeSchema } from './index.js';
import { meaning, mergeFields, withBases, withFields } from './merge.js';
import { resolveSymbol, symbolSchema } from './reference.js';
import { type Context, partScope, refuse, refusedSchema, type Scope } from './scope.js';
import { hasMember as has, intersectUnions, isCommon } from './unions.js';
import { refuseUnresolved } from './unresolved.js';

type Members = readonly TypeScript.Node[];

export function literalObjectSchema(context: Context, node: TypeScript.TypeLiteralNode, scope: Scope): Schema {
  if (node.members.length === 0) return refuseUnknown(context, node, scope);
  return membersSchema(context, node, node.members, [], scope);
}

/**
 * An interface, with all its declarations, or a class; what it extends comes first, nearer declarations win. `document` puts the markers of the
 * declaration on what it declares itself.
 */
export function declarationSchema(
  context: Context,
  symbol: TypeScript.Symbol,
  scope: Scope,
  document: (schema: Schema) => Schema = (schema) => schema,
): Schema {
  const { ts } = context.sources;
  const declarations = symbol.declarations!.filter(
    (each) => ts.isInterfaceDeclaration(each) || ts.isClassDeclaration(each),
  );
  const apart = declarations.find((each) => each.getSourceFile() !== declarations[0]!.getSourceFile());
  if (apart) return refuseApart(context, symbol, apart);
  const bases = declarations.flatMap((each) => baseSchemas(context, each, scope));
  const members = declarations.flatMap((each): Members => each.members);
  const [base] = bases;
  if (members.length === 0 && base?.schema.kind === 'map' && bases.length === 1) return document(base.schema);
  const objects = bases.flatMap(({ schema, node }) => objectBase(context, schema, node, scope) ?? []);
  const inherited = objects.flatMap((each) => each.fields);
  const own = document(membersSchema(context, declarations[0]!, members, inherited, scope));
  return own.kind === 'object' && objects.length > 0 ? withBases(own, objects) : own;
}

function refuseApart(context: Context, symbol: TypeScript.Symbol, declaration: TypeScript.Node): Schema {
  const message = `The members of \`${symbol.name}\` must stand in one file, but this one adds to a declaration of another`;
  return refuse(context, declaration, 'OG1002', message, 'give it a name of its own and extend the other');
}

interface BaseSchema {
  readonly schema: Schema;
  readonly node: TypeScript.Node;
}

function baseSchemas(
  context: Context,
  declaration: TypeScript.InterfaceDeclaration | TypeScript.ClassDeclaration,
  scope: Scope,
): readonly BaseSchema[] {
  const { ts } = context.sources;
  const clauses = (declaration.heritageClauses ?? []).filter((each) => each.token === ts.SyntaxKind.ExtendsKeyword);
  return clauses
    .flatMap((clause) => [...clause.types])
    .map((node) => ({ node, schema: baseSchema(context, node, scope) }));
}

function baseSchema(context: Context, node: TypeScript.ExpressionWithTypeArguments, scope: Scope): Schema {
  const { ts, checker } = context.sources;
  const symbol = resolveSymbol(context, node.expression);
  if (symbol) return symbolSchema(context, symbol, node, scope);
  const isName = ts.isIdentifier(node.expression) || ts.isPropertyAccessExpression(node.expression);
  if (isName) return refuseUnresolved(context, node, scope);
  return computedSchema(context, checker.getTypeAtLocation(node), node, scope);
}

function objectBase(context: Context, base: Schema, node: TypeScript.Node, scope: Scope): ObjectSchema | undefined {
  if (base.kind === 'object' && !base.unions) return base;
  if (base.refused) return undefined;
  const message = `\`${scope.subject}\` must extend objects, but \`${node.getText()}\` is ${base.kind === 'object' ? 'a union' : describeSchema(base)}`;
  const hint =
    base.kind === 'builtin' ? 'declare a property of that type instead' : 'declare a property for it instead';
  refuse(context, node, 'OG1002', message, hint);
  return undefined;
}

/** The fields of all parts in one object. */
export function intersectionSchema(context: Context, node: TypeScript.IntersectionTypeNode, scope: Scope): Schema {
  const { ts } = context.sources;
  const said = node.types.filter((each) => !ts.isTypeLiteralNode(each) || each.members.length > 0);
  if (said.length === 1) return typeSchema(context, said[0]!, scope);
  const parts = said.map((each) => typeSchema(context, each, { ...scope, type: undefined }));
  const at = context.sources.position(node);
  if (parts.some((part) => part.refused)) return refusedSchema(at);
  if (!parts.every((part) => part.kind === 'object')) {
    return computedSchema(context, closedType(context, node, scope), node, scope);
  }
  for (const [index, part] of parts.entries()) reportConflicts(context, parts.slice(0, index), part, said[index]!);
  const fields = mergeFields(parts.flatMap((part) => part.fields)).map((field) => ({
    ...field,
    required: parts.some((part) => part.fields.some(({ name, required }) => required && name === field.name)),
  }));
  const unions = intersectUnions(parts);
  return { ...withBases({ kind: 'object', fields: [], at }, parts), fields, ...(unions.length > 0 && { unions }) };
}

/** A value of an intersection is a value of each part, so a name that two parts declare must mean the same. */
function reportConflicts(
  context: Context,
  before: readonly ObjectSchema[],
  part: ObjectSchema,
  node: TypeScript.Node,
): void {
  for (const { name, schema } of part.fields) {
    const other = before.flatMap((each) => each.fields).findLast((field) => field.name === name);
    if (!other) continue;
    const isOfTwoUnions = !isCommon(part, name) && before.some((each) => has(each, name) && !isCommon(each, name));
    if (!isOfTwoUnions && isDeepStrictEqual(meaning(other.schema), meaning(schema))) continue;
    const message = `The parts of an intersection must agree on \`${name}\`, but \`${node.getText()}\` declares it otherwise`;
    refuse(context, node, 'OG1002', message, `take it out of the others: \`Omit<…, '${name}'>\``);
  }
}

export function mapSchema(context: Context, node: TypeScript.Node, values: TypeScript.TypeNode, scope: Scope): Schema {
  return {
    kind: 'map',
    values: typeSchema(context, values, partScope(scope, scope.subject, elementType(context, scope))),
    at: context.sources.position(node),
  };
}

function membersSchema(
  context: Context,
  node: TypeScript.Node,
  members: Members,
  inherited: readonly Field[],
  scope: Scope,
): Schema {
  const { ts } = context.sources;
  reportTwice(context, members);
  const [index, ...others] = members.filter((member) => ts.isIndexSignatureDeclaration(member));
  const fields = mergeFields([...inherited, ...members.flatMap((member) => memberField(context, member, scope) ?? [])]);
  if (!index) return withFields({ kind: 'object', fields: [], at: context.sources.position(node) }, fields);
  if (fields.length > 0) return refuseMixture(context, index, scope);
  const key = index.parameters[0]?.type;
  if (key && isString(context, partType(context, key, scope)) && others.length === 0)
    return mapSchema(context, node, index.type, scope);
  const message = `The keys of \`${scope.subject}\` must be any strings, but \`${index.getText()}\` wants others`;
  return refuse(context, index, 'OG1002', message, 'write `[key: string]: T`');
}

/** Of two properties of one name in one body, only the last would count. */
function reportTwice(context: Context, members: Members): void {
  const { ts } = context.sources;
  const seen = new Map<TypeScript.Node, Set<string>>();
  for (const member of members) {
    if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) continue;
    const isStatic = (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0;
    const { name, parent } = member;
    if (isStatic || !(ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name))) continue;
    const names = seen.get(parent) ?? new Set();
    seen.set(parent, names);
    const message = `A property must be declared once, but \`${name.text}\` stands twice in one type`;
    if (names.has(name.text)) refuse(context, name, 'OG1002', message, 'remove one of them');
    names.add(name.text);
  }
}

function refuseMixture(context: Context, node: TypeScript.Node, scope: Scope): Schema {
  const message = `\`${scope.subject}\` must be a map or an object, but it has both an index signature and named properties`;
  const hint = 'move the free entries into a property of their own: `extra?: Record<string, T>`';
  return refuse(context, node, 'OG1002', message, hint);
}
