import { noMarkers } from '../../ir/marker.js';
import type { Field, Schema } from '../../ir/schema.js';
import type { TypeScript } from '../load.js';
import { enumSchema } from './literals.js';
import { propertyField } from './object.js';
import { apiType, flavour } from './scalars.js';
import { type Context, refuse, type Scope } from './scope.js';

/**
 * The schema of a type that only the checker can compute: `Partial`, `Pick`, `Omit`, mapped, conditional and indexed types. Properties that come
 * unchanged from a declaration are read there, with their comments.
 */
export function computedSchema(context: Context, type: TypeScript.Type, node: TypeScript.Node, scope: Scope): Schema {
  const { ts, checker } = context.sources;
  const at = context.sources.position(node);
  if (scope.stack.length > 64 || (type.symbol && scope.stack.filter((each) => each === type.symbol).length > 1)) {
    const message = `A CRD schema must be finite, but \`${checker.typeToString(type)}\` contains itself`;
    return refuse(
      context,
      node,
      'OG1005',
      message,
      'add `@json` to the property that closes the circle: it then keeps any value',
    );
  }
  if (type.flags & ts.TypeFlags.String) return { kind: 'string', at };
  if (type.flags & ts.TypeFlags.Number) return { kind: 'integer', at };
  if (type.flags & ts.TypeFlags.Boolean) return { kind: 'boolean', at };
  if (type.isUnion()) return computedUnion(context, type, node, scope);
  const literal = literalOf(context, type);
  if (literal !== undefined) return enumSchema(context, [literal], node, scope);
  if (type.isIntersection()) {
    const flavoured = flavourOf(context, type);
    const schema = flavoured && flavour(flavoured, at);
    if (schema) return schema;
  }
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as TypeScript.TypeReference);
    return { kind: 'array', items: computedSchema(context, element!, node, scope), at };
  }
  return type.flags & ts.TypeFlags.Object || type.isIntersection()
    ? computedObject(context, type, node, scope)
    : refuseComputed(context, type, node, scope);
}

function computedUnion(context: Context, type: TypeScript.UnionType, node: TypeScript.Node, scope: Scope): Schema {
  const { ts } = context.sources;
  const at = context.sources.position(node);
  const members = type.types.filter((each) => !(each.flags & ts.TypeFlags.Undefined));
  const rest = members.filter((each) => !(each.flags & ts.TypeFlags.Null));
  const nullable = rest.length < members.length;
  const wrap = (schema: Schema): Schema => (nullable ? { ...schema, nullable } : schema);
  if (rest.length === 1) return wrap(computedSchema(context, rest[0]!, node, scope));
  const literals = rest.map((each) => literalOf(context, each));
  if (literals.every((value) => value !== undefined))
    return wrap(enumSchema(context, sortLiterals(literals), node, scope));
  const isIntOrString = rest.every(
    (each) => each.flags & (ts.TypeFlags.String | ts.TypeFlags.Number) || flavourOf(context, each) === 'quantity',
  );
  if (isIntOrString) {
    const quantity = rest.some((each) => flavourOf(context, each) === 'quantity');
    return wrap(apiType(quantity ? 'Quantity' : 'IntOrString', at)!);
  }
  return refuseComputed(context, type, node, scope);
}

/** The checker's order of a union depends on what it has seen before; a computed union has no order of its own in the source. */
const sortLiterals = <T extends string | number | boolean>(values: readonly T[]): readonly T[] =>
  [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

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
  const inner = type.symbol ? { ...scope, stack: [...scope.stack, type.symbol] } : scope;
  const properties = checker.getPropertiesOfType(type);
  const values = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  if (type.getCallSignatures().length > 0) return refuseComputed(context, type, node, scope);
  if (values && properties.length === 0)
    return { kind: 'map', values: computedSchema(context, values, node, inner), at };
  if (values || properties.length === 0) return refuseComputed(context, type, node, scope);
  return { kind: 'object', fields: properties.flatMap((each) => computedField(context, each, node, inner) ?? []), at };
}

/** Types of the modules that opgen knows by name. */
function knownObject({ sources }: Context, type: TypeScript.Type, node: TypeScript.Node): Schema | undefined {
  const declaration = type.symbol?.declarations?.[0];
  const module = declaration && sources.moduleOf(declaration);
  if (!module || module === 'lib') return undefined;
  const at = sources.position(node);
  if (module === 'opgen/api') return apiType(type.symbol.name, at);
  const builtin = /builtin: '(\w+)'/.exec(declaration.getText())?.[1];
  return builtin ? { kind: 'builtin', type: builtin, at } : undefined;
}

function computedField(
  context: Context,
  property: TypeScript.Symbol,
  node: TypeScript.Node,
  scope: Scope,
): Field | undefined {
  const { ts, checker } = context.sources;
  const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
  const declaration = property.declarations?.find(
    (each) => ts.isPropertySignature(each) || ts.isPropertyDeclaration(each),
  );
  const type = checker.getTypeOfSymbol(property);
  if (declaration?.type && sameType(context, type, checker.getTypeFromTypeNode(declaration.type))) {
    return propertyField(context, declaration, scope, optional);
  }
  const schema = computedSchema(context, type, node, { ...scope, subject: property.name });
  return { name: property.name, required: !optional, schema, markers: noMarkers };
}

/** Equal but for `undefined`, which an optional property adds. */
function sameType({ sources: { ts } }: Context, a: TypeScript.Type, b: TypeScript.Type): boolean {
  const parts = (type: TypeScript.Type) =>
    (type.isUnion() ? type.types : [type]).filter((each) => !(each.flags & ts.TypeFlags.Undefined));
  const [left, right] = [parts(a), parts(b)];
  return left.length === right.length && left.every((each) => right.includes(each));
}

function refuseComputed(context: Context, type: TypeScript.Type, node: TypeScript.Node, scope: Scope): Schema {
  const text = context.sources.checker.typeToString(type);
  const message = `\`${scope.subject}\` must have a type that a CRD schema can express, but it is \`${text}\``;
  return refuse(
    context,
    node,
    'OG1002',
    message,
    'use an object, a list, a map, a union of literals or a type of `opgen/api`',
  );
}
