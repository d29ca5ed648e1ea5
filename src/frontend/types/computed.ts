import type { Position } from '../../diagnostics.js';
import { noMarkers } from '../../ir/marker.js';
import type { Field, Schema } from '../../ir/schema.js';
import type { Sources, TypeScript } from '../load.js';
import { builtinKey } from '../virtual.js';
import { propertyField } from './field.js';
import { enumSchema } from './literals.js';
import { computedScalar } from './lost.js';
import { withFields } from './merge.js';
import { inSourceOrder } from './order.js';
import { type ReferenceNode, resolveSymbol, symbolSchema } from './reference.js';
import { apiType, flavour } from './scalars.js';
import { type Context, partScope, recursionHint, refuse, refusedSchema, type Scope, shorten } from './scope.js';
import { refuseUnresolved } from './unresolved.js';
import { variantsSchema } from './variants.js';

/**
 * The schema of a type that only the checker can compute: mapped, conditional and indexed types, `keyof`, `typeof`. Properties that come
 * unchanged from a declaration are read there, with their comments.
 */
export function computedSchema(context: Context, type: TypeScript.Type, node: TypeScript.Node, scope: Scope): Schema {
  const { ts } = context.sources;
  const at = context.sources.position(node);
  if (isEndless(type, scope)) return refuseEndless(context, type, node);
  const declared = declaredSymbol(context, type, scope);
  if (declared) return symbolSchema(context, declared, node as ReferenceNode, withoutArguments(scope));
  const scalar = scalarOf(context, type, at);
  if (scalar) return computedScalar(context, scalar, node, scope);
  if (type.isUnion()) return computedUnion(context, type, node, scope);
  const literal = literalOf(context, type);
  if (literal !== undefined) return enumSchema(context, [literal], node, scope);
  if (type.isIntersection()) return computedIntersection(context, type, node, scope);
  return type.flags & ts.TypeFlags.Object
    ? computedObject(context, type, node, scope)
    : refuseComputed(context, type, node, scope);
}

function scalarOf({ sources: { ts } }: Context, { flags }: TypeScript.Type, at: Position): Schema | undefined {
  if (flags & ts.TypeFlags.String) return { kind: 'string', at };
  if (flags & ts.TypeFlags.Number) return { kind: 'integer', at };
  return flags & ts.TypeFlags.Boolean ? { kind: 'boolean', at } : undefined;
}

/** The declaration that a type is by name, whose comment says more than the checker knows. */
function declaredSymbol({ sources }: Context, type: TypeScript.Type, { stack }: Scope): TypeScript.Symbol | undefined {
  const isPlain = type.isClassOrInterface() && !type.typeParameters?.length;
  const symbol = type.aliasSymbol && !type.aliasTypeArguments ? type.aliasSymbol : isPlain ? type.symbol : undefined;
  const isOwn = symbol?.declarations?.some((each) => sources.moduleOf(each) === undefined);
  return isOwn && !stack.includes(symbol!) ? symbol : undefined;
}

const withoutArguments = (scope: Scope): Scope => ({ ...scope, typeArguments: new Map() });

/** Deeper than any type that people write. */
const maximumDepth = 64;

const isEndless = ({ symbol }: TypeScript.Type, { stack }: Scope): boolean =>
  stack.length > maximumDepth || (symbol !== undefined && stack.filter((each) => each === symbol).length > 1);

function refuseEndless(context: Context, type: TypeScript.Type, node: TypeScript.Node): Schema {
  const message = `A CRD schema must be finite, but \`${context.sources.checker.typeToString(type)}\` contains itself`;
  return refuse(context, node, 'OG1005', message, recursionHint);
}

/** Objects in one, or a scalar of `opgen/api`; a scalar with a brand of another kind says nothing that a schema can say. */
function computedIntersection(
  context: Context,
  type: TypeScript.IntersectionType,
  node: TypeScript.Node,
  scope: Scope,
): Schema {
  const { ts } = context.sources;
  const flavoured = flavourOf(context, type);
  const schema = flavoured && flavour(flavoured, context.sources.position(node));
  if (schema) return computedScalar(context, schema, node, scope);
  const isObject = type.types.every((each) => each.flags & ts.TypeFlags.Object);
  return isObject ? computedObject(context, type, node, scope) : refuseComputed(context, type, node, scope);
}

function computedUnion(context: Context, type: TypeScript.UnionType, node: TypeScript.Node, scope: Scope): Schema {
  const { ts } = context.sources;
  const at = context.sources.position(node);
  const members = type.types.filter((each) => !(each.flags & ts.TypeFlags.Undefined));
  const rest = members.filter((each) => !(each.flags & ts.TypeFlags.Null));
  const nullable = rest.length < members.length;
  const wrap = (schema: Schema): Schema => (nullable ? { ...schema, nullable } : schema);
  if (rest.length === 1) return wrap(computedSchema(context, rest[0]!, node, scope));
  if (rest.every((each) => each.flags & ts.TypeFlags.Object))
    return wrap(computedVariants(context, type, rest, node, scope));
  const literals = rest.map((each) => literalOf(context, each));
  if (literals.every((value) => value !== undefined))
    return wrap(enumSchema(context, inSourceOrder(context, literals, node, scope), node, scope));
  const isIntOrString = rest.every(
    (each) => each.flags & (ts.TypeFlags.String | ts.TypeFlags.Number) || flavourOf(context, each) === 'quantity',
  );
  if (isIntOrString) {
    const quantity = rest.some((each) => flavourOf(context, each) === 'quantity');
    return wrap(apiType(quantity ? 'Quantity' : 'IntOrString', at)!);
  }
  return refuseComputed(context, type, node, scope);
}

function computedVariants(
  context: Context,
  type: TypeScript.Type,
  members: readonly TypeScript.Type[],
  node: TypeScript.Node,
  scope: Scope,
): Schema {
  const { checker, position } = context.sources;
  const schemas = members.map((each) => computedSchema(context, each, node, partScope(scope)));
  if (schemas.some((schema) => schema.refused)) return refusedSchema(position(node));
  const variants = schemas.flatMap((schema, index) =>
    schema.kind === 'object' ? [{ name: shorten(checker.typeToString(members[index]!)), schema }] : [],
  );
  return variants.length === schemas.length
    ? variantsSchema(context, variants, node, scope)
    : refuseComputed(context, type, node, scope);
}

function literalOf(
  { sources: { ts, checker } }: Context,
  type: TypeScript.Type,
): string | number | boolean | undefined {
  if (type.isStringLiteral() || type.isNumberLiteral()) return type.value;
  if (type.flags & ts.TypeFlags.BooleanLiteral) return checker.typeToString(type) === 'true';
  return undefined;
}

/** `number & { __opgen?: 'int32' }` → `int32` */
function flavourOf({ sources: { checker } }: Context, type: TypeScript.Type): string | undefined {
  const property = type.isIntersection() ? type.getProperty('__opgen') : undefined;
  const flavoured = property && checker.getNonNullableType(checker.getTypeOfSymbol(property));
  return flavoured?.isStringLiteral() ? flavoured.value : undefined;
}

function computedObject(context: Context, type: TypeScript.Type, node: TypeScript.Node, scope: Scope): Schema {
  const { checker, ts } = context.sources;
  const at = context.sources.position(node);
  const known = knownObject(context, type, node);
  if (known) return known;
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as TypeScript.TypeReference);
    return { kind: 'array', items: computedSchema(context, element!, node, partScope(scope)), at };
  }
  const inner = type.symbol ? { ...scope, stack: [...scope.stack, type.symbol] } : scope;
  const all = checker.getPropertiesOfType(type);
  const properties = all.filter(({ name }) => scope.wanted?.has(name) ?? true);
  const indices = checker.getIndexInfosOfType(type);
  const [index] = indices;
  if (all.length === 0 && indices.length === 1 && index!.keyType.flags & ts.TypeFlags.String)
    return { kind: 'map', values: computedSchema(context, index!.type, node, partScope(inner)), at };
  if (all.length === 0 || indices.length > 0 || !isData(context, type, properties))
    return refuseComputed(context, type, node, scope);
  const fields = properties.flatMap((each) => computedField(context, each, node, inner) ?? []);
  return withFields({ kind: 'object', fields: [], at }, fields);
}

/** No tuple, no function, no class of the library, and nothing made from a built-in type, whose members are not known here. */
function isData({ sources }: Context, type: TypeScript.Type, properties: readonly TypeScript.Symbol[]): boolean {
  const isMade = properties.some((each) => each.declarations?.some((declaration) => isBuiltin(sources, declaration)));
  const isLibrary =
    type.isClassOrInterface() && type.symbol.declarations?.some((each) => sources.moduleOf(each) === 'lib');
  const isFunction = type.getCallSignatures().length + type.getConstructSignatures().length > 0;
  return !isMade && !isLibrary && !isFunction && !sources.checker.isTupleType(type);
}

const isBuiltin = (sources: Sources, declaration: TypeScript.Node): boolean =>
  builtinKey(declaration.parent) !== undefined && sources.moduleOf(declaration) !== undefined;

/** Types of the modules that opgen knows by name. */
function knownObject({ sources }: Context, type: TypeScript.Type, node: TypeScript.Node): Schema | undefined {
  const declaration = type.symbol?.declarations?.[0];
  const module = declaration && sources.moduleOf(declaration);
  if (!module || module === 'lib') return undefined;
  const at = sources.position(node);
  if (module === 'opgen/api') return apiType(type.symbol.name, at);
  const key = builtinKey(declaration);
  return key ? { kind: 'builtin', type: key, at } : undefined;
}

function computedField(
  context: Context,
  property: TypeScript.Symbol,
  node: TypeScript.Node,
  scope: Scope,
): Field | undefined {
  const { ts, checker } = context.sources;
  const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
  const declaration = originOf(property).declarations?.find(
    (each) => ts.isPropertySignature(each) || ts.isPropertyDeclaration(each),
  );
  const type = checker.getTypeOfSymbol(property);
  if (declaration?.type && sameType(context, type, checker.getTypeFromTypeNode(declaration.type))) {
    const field = propertyField(context, declaration, scope, optional);
    const schema = field && isNullable(context, type) ? { ...field.schema, nullable: true } : field?.schema;
    return field && { ...field, name: property.name, schema: schema! };
  }
  const schema = computedSchema(context, type, node, partScope(scope, property.name));
  return { name: property.name, required: !optional, schema, markers: noMarkers };
}

/** The member that a mapped type makes another one from; the compiler keeps it in a member that its declarations leave out. */
const originOf = (property: TypeScript.Symbol): TypeScript.Symbol =>
  (property as unknown as { links?: { syntheticOrigin?: TypeScript.Symbol } }).links?.syntheticOrigin ?? property;

/** Equal but for `undefined`, which an optional property adds, and `null`. */
function sameType({ sources: { ts } }: Context, a: TypeScript.Type, b: TypeScript.Type): boolean {
  const parts = (type: TypeScript.Type) =>
    (type.isUnion() ? type.types : [type]).filter(
      (each) => !(each.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)),
    );
  const [left, right] = [parts(a), parts(b)];
  return left.length === right.length && left.every((each) => right.includes(each));
}

const isNullable = ({ sources: { ts } }: Context, type: TypeScript.Type): boolean =>
  type.isUnion() && type.types.some((each) => each.flags & ts.TypeFlags.Null);

function refuseComputed(context: Context, type: TypeScript.Type, node: TypeScript.Node, scope: Scope): Schema {
  const { ts, checker } = context.sources;
  const unresolved = type.flags & ts.TypeFlags.Any ? unresolvedName(context, node) : undefined;
  if (unresolved) return refuseUnresolved(context, unresolved, scope);
  const builtin = builtinName(context, node);
  if (builtin) {
    const message = `A built-in type must be used as it is, but \`${shorten(node.getText())}\` takes \`${builtin}\` apart`;
    return refuse(context, node, 'OG1002', message, 'declare the properties that are needed');
  }
  const message = `\`${scope.subject}\` must have a type that a CRD schema can express, but it is \`${shorten(checker.typeToString(type))}\``;
  return refuse(context, node, 'OG1002', message, alternative(context, type));
}

function alternative({ sources: { ts } }: Context, type: TypeScript.Type): string {
  if (type.flags & (ts.TypeFlags.TemplateLiteral | ts.TypeFlags.StringMapping)) return 'use `string` with `@pattern`';
  if (type.flags & ts.TypeFlags.BigIntLike) return 'use `Int64`, or `string`';
  return 'use an object, a list, a map, a union of literals or a type of `opgen/api`';
}

/** The first name below a node that a test accepts. */
function findName(
  context: Context,
  node: TypeScript.Node,
  accept: (symbol: TypeScript.Symbol | undefined) => boolean,
): TypeScript.Node | undefined {
  const { ts } = context.sources;
  if (ts.isTypeReferenceNode(node) && accept(resolveSymbol(context, node.typeName))) return node;
  if (ts.isTypeQueryNode(node) && accept(resolveSymbol(context, node.exprName))) return node.exprName;
  return ts.forEachChild(node, (child) => findName(context, child, accept));
}

const unresolvedName = (context: Context, node: TypeScript.Node): TypeScript.Node | undefined =>
  findName(context, node, (symbol) => symbol === undefined);

const builtinName = (context: Context, node: TypeScript.Node): string | undefined =>
  findName(context, node, (symbol) => {
    const declaration = symbol?.declarations?.[0];
    return (
      declaration !== undefined &&
      context.sources.moduleOf(declaration) !== undefined &&
      builtinKey(declaration) !== undefined
    );
  })?.getText();
