import { noMarkers } from '../../ir/marker.js';
import type { Field, Json, Schema } from '../../ir/schema.js';
import { applyMarkers } from '../../markers/apply.js';
import { json, schemaless } from '../../markers/defs/shape.js';
import type { Docs } from '../docs.js';
import type { TypeScript } from '../load.js';
import { builtinKey } from '../virtual.js';
import { closedType, isString, partType } from './closed.js';
import { computedSchema } from './computed.js';
import { findMarker, markedTypeSchema } from './field.js';
import { arraySchema, refuseUnknown, typeSchema } from './index.js';
import { enumSchema } from './literals.js';
import { declarationSchema, mapSchema } from './object.js';
import { apiType } from './scalars.js';
import { type Context, partScope, recursionHint, refuse, type Scope } from './scope.js';
import { selectedDocs } from './selection.js';
import { refuseUnresolved } from './unresolved.js';
import { utilitySchema } from './utility.js';

/** The schema of a named type: of the library, of `opgen/api`, built in, or declared in the sources. */
export function referenceSchema(context: Context, node: TypeScript.TypeReferenceNode, scope: Scope): Schema {
  const symbol = resolveSymbol(context, node.typeName);
  const parameter = symbol && scope.typeArguments.get(symbol);
  if (parameter) return typeSchema(context, parameter.node, argumentScope(parameter.scope, scope));
  return symbol ? symbolSchema(context, symbol, node, scope) : refuseUnresolved(context, node, scope);
}

/** The scope of a type argument where its parameter is used. */
function argumentScope(outer: Scope, scope: Scope): Scope {
  const { subject, wanted, type, expanded } = scope;
  const isApart = expanded.length > outer.expanded.length;
  return { ...outer, subject, wanted, type, expanded, stack: isApart ? [] : outer.stack };
}

export function importTypeSchema(context: Context, node: TypeScript.ImportTypeNode, scope: Scope): Schema {
  if (node.isTypeOf) return computedSchema(context, closedType(context, node, scope), node, scope);
  const symbol = node.qualifier && resolveSymbol(context, node.qualifier);
  return symbol ? symbolSchema(context, symbol, node, scope) : refuseUnresolved(context, node, scope);
}

/** The symbol that a name stands for, behind imports and re-exports. */
export function resolveSymbol(
  { sources: { ts, checker } }: Context,
  name: TypeScript.Node,
): TypeScript.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(name);
  const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return target?.declarations?.length ? target : undefined;
}

/** Whether a symbol is the type of `opgen/api` with this name. */
export function isApiType({ sources }: Context, symbol: TypeScript.Symbol | undefined, name: string): boolean {
  const declaration = symbol?.declarations?.[0];
  return symbol?.name === name && declaration !== undefined && sources.moduleOf(declaration) === 'opgen/api';
}

export type ReferenceNode =
  | TypeScript.TypeReferenceNode
  | TypeScript.ImportTypeNode
  | TypeScript.ExpressionWithTypeArguments;

/** The schema of what a name stands for, where `node` names it, with its type arguments. */
export function symbolSchema(context: Context, symbol: TypeScript.Symbol, node: ReferenceNode, scope: Scope): Schema {
  const { sources } = context;
  const declaration = symbol.declarations![0]!;
  const module = sources.moduleOf(declaration);
  const missing = missingArgument(context, symbol, node);
  if (missing) return refuseMissing(context, symbol, node, missing);
  if (module === 'lib') return librarySchema(context, symbol.name, node, scope);
  if (module === 'opgen/api') {
    if (symbol.name === 'CustomResource') return customResourceSchema(context, node, scope);
    const schema = apiType(symbol.name, sources.position(node));
    if (schema) return schema;
  } else if (module !== undefined) {
    const type = builtinKey(declaration);
    if (type) return { kind: 'builtin', type, at: sources.position(node) };
  }
  if (sources.ts.isTypeParameterDeclaration(declaration))
    return computedSchema(context, closedType(context, node, scope), node, scope);
  return namedSchema(context, symbol, node, scope);
}

/** The first type parameter that has neither an argument nor a default; of `CustomResource`, its own reader says more. */
function missingArgument({ sources }: Context, symbol: TypeScript.Symbol, node: ReferenceNode): string | undefined {
  const declaration = symbol.declarations!.find(
    (each) => 'typeParameters' in each && each.typeParameters !== undefined,
  );
  if (!declaration || sources.moduleOf(declaration) === 'opgen/api' || Object.hasOwn(alternatives, symbol.name))
    return undefined;
  const parameters = (declaration as TypeScript.InterfaceDeclaration).typeParameters ?? [];
  const given = node.typeArguments?.length ?? 0;
  return parameters.slice(given).find((parameter) => !parameter.default)?.name.text;
}

function refuseMissing(context: Context, symbol: TypeScript.Symbol, node: ReferenceNode, parameter: string): Schema {
  const message = `\`${symbol.name}\` needs a type for each of its parameters, but \`${parameter}\` has none`;
  return refuse(context, node, 'OG1002', message, `write \`${symbol.name}<…>\``);
}

/** A whole object of a kind, with the metadata that an embedded object has. */
function customResourceSchema(context: Context, node: ReferenceNode, scope: Scope): Schema {
  const { ts } = context.sources;
  const at = context.sources.position(node);
  const [spec, status] = node.typeArguments ?? [];
  if (!spec) {
    const message = '`CustomResource` needs the type of the spec, but it has no type arguments';
    return refuse(context, node, 'OG1002', message, 'write `CustomResource<Spec, Status>`');
  }
  const field = (name: string, schema: Schema, required = true): Field => ({
    name,
    required,
    schema,
    markers: noMarkers,
  });
  const inner = (name: string, type: TypeScript.TypeNode) => typeSchema(context, type, partScope(scope, name));
  const hasStatus = status && status.kind !== ts.SyntaxKind.NeverKeyword;
  const fields = [
    field('apiVersion', { kind: 'string', at }),
    field('kind', { kind: 'string', at }),
    field('metadata', apiType('ObjectMeta', at)!),
    field('spec', inner('spec', spec)),
    ...(hasStatus ? [field('status', inner('status', status), false)] : []),
  ];
  return { kind: 'object', fields, at };
}

/** The schema of a declaration of the sources, with the markers and the description of its own comment. */
function namedSchema(context: Context, symbol: TypeScript.Symbol, node: ReferenceNode, scope: Scope): Schema {
  if (scope.stack.includes(symbol)) {
    const message = `A CRD schema must be finite, but \`${symbol.name}\` contains itself`;
    return refuse(context, node, 'OG1005', message, recursionHint);
  }
  const declaration = symbol.declarations!.find((each) => isTypeDeclaration(context, each));
  if (!declaration) return refuseUnresolved(context, node, scope);
  const inner: Scope = {
    ...scope,
    ...(context.sources.ts.isExpressionWithTypeArguments(node) ? {} : { type: () => closedType(context, node, scope) }),
    stack: [...scope.stack, symbol],
    typeArguments: bindArguments(context, declaration, node.typeArguments ?? [], scope),
  };
  return bodySchema(context, symbol, declaration, inner);
}

function bodySchema(context: Context, symbol: TypeScript.Symbol, declaration: TypeDeclaration, scope: Scope): Schema {
  const { ts } = context.sources;
  if (ts.isEnumMember(declaration)) return enumMembersSchema(context, [declaration], declaration, scope);
  const docs = docsOf(context, symbol);
  const document = (schema: Schema) =>
    withDocs(context, declaration, selectedDocs(context, docs, scope), schema, symbol.name);
  if (ts.isTypeAliasDeclaration(declaration)) {
    return document(markedTypeSchema(context, declaration.type, docs.markers, scope));
  }
  if (ts.isEnumDeclaration(declaration))
    return document(enumMembersSchema(context, enumMembers(context, symbol), declaration, scope));
  if (findMarker(docs.markers, json, schemaless)) {
    return document({ kind: 'any', preserveUnknown: true, at: context.sources.position(declaration) });
  }
  return declarationSchema(context, symbol, scope, document);
}

/** The comments of all declarations that make up a type. */
function docsOf(context: Context, symbol: TypeScript.Symbol): Docs {
  const all = symbol.declarations!.filter((each) => isTypeDeclaration(context, each));
  const docs = all.map((each) => context.docs.of(each, 'type'));
  const description = docs.find((each) => each.description !== undefined)?.description;
  return { markers: docs.flatMap((each) => each.markers), ...(description !== undefined && { description }) };
}

const enumMembers = ({ sources: { ts } }: Context, symbol: TypeScript.Symbol): readonly TypeScript.EnumMember[] =>
  symbol.declarations!.flatMap((each) => (ts.isEnumDeclaration(each) ? [...each.members] : []));

/** Rules that the members of a declaration put on it come first, then its own; an alias puts its rules before those of what it names. */
function withDocs(context: Context, declaration: TypeDeclaration, docs: Docs, schema: Schema, name: string): Schema {
  const { rules: inner = [], ...bare } = schema;
  const described: Schema = docs.description === undefined ? bare : { ...bare, description: docs.description };
  const applied = applyMarkers(described, docs.markers, name);
  context.diagnostics.push(...applied.diagnostics);
  const own = applied.value.rules ?? [];
  const rules = context.sources.ts.isTypeAliasDeclaration(declaration) ? [...own, ...inner] : [...inner, ...own];
  return rules.length > 0 ? { ...applied.value, rules } : applied.value;
}

type TypeDeclaration =
  | TypeScript.InterfaceDeclaration
  | TypeScript.ClassDeclaration
  | TypeScript.TypeAliasDeclaration
  | TypeScript.EnumDeclaration
  | TypeScript.EnumMember;

function isTypeDeclaration({ sources: { ts } }: Context, node: TypeScript.Node): node is TypeDeclaration {
  return (
    ts.isInterfaceDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isEnumMember(node)
  );
}

function bindArguments(
  { sources: { checker } }: Context,
  declaration: TypeDeclaration,
  typeArguments: readonly TypeScript.TypeNode[],
  scope: Scope,
): Scope['typeArguments'] {
  const bound = new Map<TypeScript.Symbol, { node: TypeScript.TypeNode; scope: Scope }>();
  const parameters = 'typeParameters' in declaration ? (declaration.typeParameters ?? []) : [];
  parameters.forEach((parameter, index) => {
    const node = typeArguments[index] ?? parameter.default;
    const symbol = checker.getSymbolAtLocation(parameter.name);
    if (node && symbol)
      bound.set(symbol, { node, scope: typeArguments[index] ? scope : { ...scope, typeArguments: bound } });
  });
  return bound;
}

function enumMembersSchema(
  context: Context,
  members: readonly TypeScript.EnumMember[],
  node: TypeScript.EnumDeclaration | TypeScript.EnumMember,
  scope: Scope,
): Schema {
  const values = members.map((member) => context.sources.checker.getConstantValue(member));
  const computed = members[values.indexOf(undefined)];
  if (values.length > 0 && !computed) return enumSchema(context, values as readonly Json[], node, scope);
  const fact = computed ? `\`${computed.name.getText()}\` is computed` : 'there are none';
  const message = `The members of \`${node.name.getText()}\` must be constants, but ${fact}`;
  return refuse(context, computed ?? node, 'OG1002', message, "give each member a literal, such as `Small = 'small'`");
}

/** What to write in place of types of the language that JSON does not have. */
const alternatives: Readonly<Record<string, string>> = {
  Date: "use `Time` from 'opgen/api'",
  Map: 'use `Record<string, T>`',
  WeakMap: 'use `Record<string, T>`',
  Set: 'use `T[]` with `@listType set`',
  WeakSet: 'use `T[]` with `@listType set`',
  String: 'use `string`',
  Number: 'use `number`',
  Boolean: 'use `boolean`',
  RegExp: 'use `string`',
  Function: 'remove the property, or declare the data that it stands for',
  Promise: 'use the type of the value',
};

function librarySchema(context: Context, name: string, node: ReferenceNode, scope: Scope): Schema {
  const [first, second] = node.typeArguments ?? [];
  if ((name === 'Array' || name === 'ReadonlyArray') && first) return arraySchema(context, node, first, scope);
  const utility = utilitySchema(context, name, node.typeArguments ?? [], node, scope);
  if (utility) return utility;
  const isMap = name === 'Record' && first && second && isString(context, partType(context, first, scope));
  if (isMap) return mapSchema(context, node, second, scope);
  if (name === 'Object') return refuseUnknown(context, node, scope);
  const hint = Object.hasOwn(alternatives, name) ? alternatives[name] : undefined;
  if (!hint) return computedSchema(context, closedType(context, node, scope), node, scope);
  return refuse(
    context,
    node,
    'OG1002',
    `\`${scope.subject}\` must have a form in JSON, but \`${node.getText()}\` has none`,
    hint,
  );
}
