import type { Schema } from '../../ir/schema.js';
import type { TypeScript } from '../load.js';
import { closedType, elementType } from './closed.js';
import { computedSchema } from './computed.js';
import { conditionalSchema } from './conditional.js';
import { literalSchema } from './literals.js';
import { intersectionSchema, literalObjectSchema } from './object.js';
import { importTypeSchema, isApiType, referenceSchema, resolveSymbol } from './reference.js';
import { type Context, nodeLimit, partScope, refuse, refusedSchema, type Scope } from './scope.js';
import { unionSchema } from './union.js';
import { indexedSchema, mappedSchema } from './utility.js';

/**
 * The schema of a type as it is written. Syntax decides where order and names of aliases matter; what has to be computed goes to
 * the checker.
 */
export function typeSchema(context: Context, node: TypeScript.TypeNode, scope: Scope): Schema {
  const { ts } = context.sources;
  const at = context.sources.position(node);
  if (--context.size.left <= 0) return tooLarge(context, node, scope);
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword:
      return { kind: 'string', at };
    case ts.SyntaxKind.NumberKeyword:
      return { kind: 'integer', at };
    case ts.SyntaxKind.BooleanKeyword:
      return { kind: 'boolean', at };
    case ts.SyntaxKind.AnyKeyword:
    case ts.SyntaxKind.UnknownKeyword:
    case ts.SyntaxKind.ObjectKeyword:
      return refuseUnknown(context, node, scope);
  }
  if (ts.isParenthesizedTypeNode(node)) return typeSchema(context, node.type, scope);
  if (ts.isLiteralTypeNode(node)) return literalSchema(context, [node], scope);
  if (ts.isArrayTypeNode(node)) return arraySchema(context, node, node.elementType, scope);
  if (ts.isTupleTypeNode(node)) return tupleSchema(context, node, scope);
  if (ts.isTypeLiteralNode(node)) return literalObjectSchema(context, node, scope);
  if (ts.isUnionTypeNode(node)) return unionSchema(context, node, scope);
  if (ts.isIntersectionTypeNode(node)) return intersectionSchema(context, node, scope);
  if (ts.isTypeReferenceNode(node)) return referenceSchema(context, node, scope);
  if (ts.isImportTypeNode(node)) return importTypeSchema(context, node, scope);
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword) {
    return typeSchema(context, node.type, scope);
  }
  if (ts.isFunctionTypeNode(node) || ts.isConstructorTypeNode(node)) {
    const message = `\`${scope.subject}\` must be data, but its type is a function`;
    return refuse(context, node, 'OG1002', message, 'remove the property, or declare the data that it stands for');
  }
  const written =
    (ts.isConditionalTypeNode(node) && conditionalSchema(context, node, scope)) ||
    (ts.isMappedTypeNode(node) && mappedSchema(context, node, scope)) ||
    (ts.isIndexedAccessTypeNode(node) && indexedSchema(context, node, scope));
  return written || computedSchema(context, closedType(context, node, scope), node, scope);
}

/** A list; a list of the `Condition` of `opgen/api` is a map by `type`, as the API conventions ask. */
export function arraySchema(
  context: Context,
  node: TypeScript.Node,
  element: TypeScript.TypeNode,
  scope: Scope,
): Schema {
  const at = context.sources.position(node);
  const items = typeSchema(context, element, partScope(scope, scope.subject, elementType(context, scope)));
  return isCondition(context, element)
    ? { kind: 'array', items, listType: 'map', mapKeys: ['type'], at }
    : { kind: 'array', items, at };
}

function isCondition(context: Context, element: TypeScript.TypeNode): boolean {
  if (!context.sources.ts.isTypeReferenceNode(element)) return false;
  return isApiType(context, resolveSymbol(context, element.typeName), 'Condition');
}

/** Reports once: everything below the limit ends here too. */
function tooLarge(context: Context, node: TypeScript.TypeNode, scope: Scope): Schema {
  if (context.size.left < 0) return refusedSchema(context.sources.position(node));
  const message = `The schema of a kind must have less than ${nodeLimit} nodes, but it has more at \`${scope.subject}\``;
  return refuse(context, node, 'OG1005', message, 'add `@json` to a large property: it then keeps any value');
}

function tupleSchema(context: Context, node: TypeScript.TupleTypeNode, scope: Scope): Schema {
  const elements = node.elements.map((each) => plainElement(context, each));
  const [first, ...rest] = elements;
  if (first && rest.every((each) => each?.getText() === first.getText())) {
    const size = elements.length;
    return { ...arraySchema(context, node, first, scope), minItems: size, maxItems: size } as Schema;
  }
  const message = `The elements of \`${scope.subject}\` must have one type and a fixed number, but its type is \`${node.getText()}\``;
  return refuse(context, node, 'OG1002', message, 'use `T[]`, or an object with named properties');
}

/** The type of an element that must be there once. */
function plainElement(
  { sources: { ts } }: Context,
  element: TypeScript.TypeNode | TypeScript.NamedTupleMember,
): TypeScript.TypeNode | undefined {
  if (ts.isNamedTupleMember(element)) return element.dotDotDotToken || element.questionToken ? undefined : element.type;
  return ts.isRestTypeNode(element) || ts.isOptionalTypeNode(element) ? undefined : element;
}

export function refuseUnknown(context: Context, node: TypeScript.TypeNode, scope: Scope): Schema {
  const message = `\`${scope.subject}\` needs a type that says what it holds, but \`${node.getText()}\` could be anything`;
  return refuse(
    context,
    node,
    'OG1002',
    message,
    "use `Json` or `JsonObject` from 'opgen/api', or add `@json` to keep any value",
  );
}
