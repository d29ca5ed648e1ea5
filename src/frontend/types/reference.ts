import { nearest } from '../../diagnostics.js';
import type { Json, Schema } from '../../ir/schema.js';
import { applyMarkers } from '../../markers/apply.js';
import type { TypeScript } from '../load.js';
import { computedSchema } from './computed.js';
import { arraySchema, refuseUnknown, typeSchema } from './index.js';
import { enumSchema } from './literals.js';
import { declarationSchema, mapSchema } from './object.js';
import { apiType } from './scalars.js';
import { type Context, refuse, type Scope } from './scope.js';
import { utilitySchema } from './utility.js';

/** The schema of a named type: of the library, of `opgen/api`, built in, or declared in the sources. */
export function referenceSchema(context: Context, node: TypeScript.TypeReferenceNode, scope: Scope): Schema {
  const symbol = resolveSymbol(context, node.typeName);
  const parameter = symbol && scope.typeArguments.get(symbol);
  if (parameter)
    return typeSchema(context, parameter.node, { ...parameter.scope, subject: scope.subject, stack: scope.stack });
  return symbol ? symbolSchema(context, symbol, node, scope) : refuseUnresolved(context, node, scope);
}

export function importTypeSchema(context: Context, node: TypeScript.ImportTypeNode, scope: Scope): Schema {
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

type ReferenceNode = TypeScript.TypeReferenceNode | TypeScript.ImportTypeNode;

function symbolSchema(context: Context, symbol: TypeScript.Symbol, node: ReferenceNode, scope: Scope): Schema {
  const { sources } = context;
  const declaration = symbol.declarations![0]!;
  const module = sources.moduleOf(declaration);
  if (module === 'lib') return librarySchema(context, symbol.name, node, scope);
  if (module === 'opgen/api') {
    const schema = apiType(symbol.name, sources.position(node));
    if (schema) return schema;
  } else if (module !== undefined) return builtinSchema(context, declaration, node);
  if (sources.ts.isTypeParameterDeclaration(declaration))
    return computedSchema(context, sources.checker.getTypeFromTypeNode(node), node, scope);
  return namedSchema(context, symbol, node.typeArguments ?? [], node, scope);
}

/** `builtin: 'V1PodSpec'` in the declarations that `load.ts` makes. */
function builtinSchema({ sources }: Context, declaration: TypeScript.Declaration, node: TypeScript.Node): Schema {
  const type = /builtin: '(\w+)'/.exec(declaration.getText())?.[1];
  return { kind: 'builtin', type: type!, at: sources.position(node) };
}

/** The schema of a declaration of the sources, with the markers and the description of its own comment. */
export function namedSchema(
  context: Context,
  symbol: TypeScript.Symbol,
  typeArguments: readonly TypeScript.TypeNode[],
  node: TypeScript.Node,
  scope: Scope,
): Schema {
  if (scope.stack.includes(symbol) || scope.stack.length > maximumDepth) {
    const message = `A CRD schema must be finite, but \`${symbol.name}\` contains itself`;
    return refuse(
      context,
      node,
      'OG1005',
      message,
      'add `@json` to the property that closes the circle: it then keeps any value',
    );
  }
  const declaration = symbol.declarations!.find((each) => isTypeDeclaration(context, each));
  if (!declaration) return refuseUnresolved(context, node, scope);
  const inner: Scope = {
    subject: scope.subject,
    stack: [...scope.stack, symbol],
    typeArguments: bindArguments(context, declaration, typeArguments, scope),
  };
  return withDocs(context, declaration, bodySchema(context, symbol, declaration, inner), symbol.name);
}

/** Deeper than any type that people write; a generic type that grows with each level stops here. */
const maximumDepth = 64;

function bodySchema(context: Context, symbol: TypeScript.Symbol, declaration: TypeDeclaration, scope: Scope): Schema {
  const { ts } = context.sources;
  if (ts.isTypeAliasDeclaration(declaration)) return typeSchema(context, declaration.type, scope);
  if (ts.isEnumDeclaration(declaration)) return enumDeclarationSchema(context, declaration, scope);
  return declarationSchema(context, symbol, scope);
}

/** Rules that the members of a declaration put on it come first, then its own; an alias puts its rules before those of what it names. */
function withDocs(context: Context, declaration: TypeDeclaration, schema: Schema, name: string): Schema {
  const docs = context.docs.of(declaration, 'type');
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
  | TypeScript.EnumDeclaration;

function isTypeDeclaration({ sources: { ts } }: Context, node: TypeScript.Node): node is TypeDeclaration {
  return (
    ts.isInterfaceDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node)
  );
}

function bindArguments(
  { sources: { ts, checker } }: Context,
  declaration: TypeDeclaration,
  typeArguments: readonly TypeScript.TypeNode[],
  scope: Scope,
): Scope['typeArguments'] {
  const bound = new Map<TypeScript.Symbol, { node: TypeScript.TypeNode; scope: Scope }>();
  const parameters = ts.isEnumDeclaration(declaration) ? [] : (declaration.typeParameters ?? []);
  parameters.forEach((parameter, index) => {
    const node = typeArguments[index] ?? parameter.default;
    const symbol = checker.getSymbolAtLocation(parameter.name);
    if (node && symbol)
      bound.set(symbol, { node, scope: typeArguments[index] ? scope : { ...scope, typeArguments: bound } });
  });
  return bound;
}

function enumDeclarationSchema(context: Context, declaration: TypeScript.EnumDeclaration, scope: Scope): Schema {
  const values = declaration.members.map((member) => context.sources.checker.getConstantValue(member));
  if (values.some((value) => value === undefined)) {
    const message = `The members of \`${declaration.name.text}\` must be constants, but one of them is computed`;
    return refuse(context, declaration, 'OG1002', message, "give each member a literal, such as `Small = 'small'`");
  }
  return enumSchema(context, values as readonly Json[], declaration, scope);
}

/** What to write in place of types of the language that JSON does not have. */
const alternatives: Readonly<Record<string, string>> = {
  Date: "use `Time` from 'opgen/api'",
  Map: 'use `Record<string, T>`',
  WeakMap: 'use `Record<string, T>`',
  Set: 'use `T[]` with `@listType set`',
  WeakSet: 'use `T[]` with `@listType set`',
  Function: 'remove the property, or declare the data that it stands for',
  Promise: 'use the type of the value',
};

function librarySchema(context: Context, name: string, node: ReferenceNode, scope: Scope): Schema {
  const [first, second] = node.typeArguments ?? [];
  if ((name === 'Array' || name === 'ReadonlyArray') && first) return arraySchema(context, node, first, scope);
  if (name === 'Record' && first?.kind === context.sources.ts.SyntaxKind.StringKeyword && second) {
    return mapSchema(context, node, second, scope);
  }
  const utility = utilitySchema(context, name, node.typeArguments ?? [], node, scope);
  if (utility) return utility;
  if (name === 'Object') return refuseUnknown(context, node, scope);
  const hint = Object.hasOwn(alternatives, name) ? alternatives[name] : undefined;
  if (!hint) return computedSchema(context, context.sources.checker.getTypeFromTypeNode(node), node, scope);
  return refuse(
    context,
    node,
    'OG1002',
    `\`${scope.subject}\` must have a form in JSON, but \`${node.getText()}\` has none`,
    hint,
  );
}

function refuseUnresolved(context: Context, node: TypeScript.Node, scope: Scope): Schema {
  const { ts, checker } = context.sources;
  const name = node.getText().replace(/<[\s\S]*$/, '');
  const imported = importedFrom(context, node);
  const known = imported
    ? imported.names
    : checker.getSymbolsInScope(node, ts.SymbolFlags.Type | ts.SymbolFlags.Alias).map((symbol) => symbol.name);
  const near = nearest(
    name,
    known.filter((each) => each !== name),
  );
  const fact = imported ? `\`${imported.module}\` has no type \`${name}\`` : `\`${name}\` is not known here`;
  const message = `The type of \`${scope.subject}\` must be declared or imported, but ${fact}`;
  return refuse(context, node, 'OG1004', message, near ? `did you mean \`${near}\`?` : `declare or import \`${name}\``);
}

/** The module that an unresolved name is imported from, and what that module has. */
function importedFrom({ sources: { ts, checker } }: Context, node: TypeScript.Node) {
  const name = ts.isTypeReferenceNode(node) ? node.typeName : node;
  const declaration = checker.getSymbolAtLocation(name)?.declarations?.[0];
  if (!declaration || !ts.isImportSpecifier(declaration)) return undefined;
  const specifier = declaration.parent.parent.parent.moduleSpecifier;
  const module = checker.getSymbolAtLocation(specifier);
  const names = module ? checker.getExportsOfModule(module).map((symbol) => symbol.name) : [];
  return { module: specifier.getText().slice(1, -1), names };
}
