import type { Schema } from '../../ir/schema.js';
import type { TypeScript } from '../load.js';
import { closedType, partType } from './closed.js';
import { computedSchema } from './computed.js';
import { typeSchema } from './index.js';
import { resolveSymbol } from './reference.js';
import type { Context, Scope } from './scope.js';

/** The branch that a conditional type comes to, as it is written; what is inferred from more than a list, or from each part of a union, is computed. */
export function conditionalSchema(context: Context, node: TypeScript.ConditionalTypeNode, scope: Scope): Schema {
  const inferred = inferredScope(context, node, scope);
  if (inferred) return typeSchema(context, node.trueType, inferred);
  if (isNoList(context, node, scope)) return typeSchema(context, node.falseType, scope);
  const holds = isMet(context, node, scope);
  if (holds === undefined) return computedSchema(context, closedType(context, node, scope), node, scope);
  return typeSchema(context, holds ? node.trueType : node.falseType, scope);
}

/** Whether the condition holds; nothing where it has no single answer. */
function isMet(context: Context, node: TypeScript.ConditionalTypeNode, scope: Scope): boolean | undefined {
  const { ts, checker } = context.sources;
  const checked = partType(context, node.checkType, scope);
  const extended = partType(context, node.extendsType, scope);
  if (!checked || !extended || infers(context, node.extendsType)) return undefined;
  const isOpen = (checked.flags & (ts.TypeFlags.Union | ts.TypeFlags.Any | ts.TypeFlags.Never)) !== 0;
  return isOpen ? undefined : checker.isTypeAssignableTo(checked, extended);
}

const infers = (context: Context, node: TypeScript.Node): boolean =>
  context.sources.ts.isInferTypeNode(node) ||
  (context.sources.ts.forEachChild(node, (child) => infers(context, child)) ?? false);

/** `T extends (infer U)[] ? …` for what is no list. */
function isNoList(context: Context, node: TypeScript.ConditionalTypeNode, scope: Scope): boolean {
  const { ts, checker } = context.sources;
  const pattern = elementOf(context, node.extendsType);
  const checked = pattern && ts.isInferTypeNode(pattern) ? partType(context, node.checkType, scope) : undefined;
  if (!checked) return false;
  const isOpen = (checked.flags & (ts.TypeFlags.Union | ts.TypeFlags.Any | ts.TypeFlags.Never)) !== 0;
  return !isOpen && !checker.isArrayLikeType(checked);
}

/** `T extends (infer U)[] ? …` for a list: `U` is its element as it is written, with name and markers. */
function inferredScope(context: Context, node: TypeScript.ConditionalTypeNode, scope: Scope): Scope | undefined {
  const { ts, checker } = context.sources;
  const pattern = elementOf(context, node.extendsType);
  if (!pattern || !ts.isInferTypeNode(pattern) || pattern.typeParameter.constraint) return undefined;
  const checked = follow(context, node.checkType, scope);
  const element = elementOf(context, checked.node);
  const symbol = checker.getSymbolAtLocation(pattern.typeParameter.name);
  if (!element || !symbol) return undefined;
  const typeArguments = new Map([...scope.typeArguments, [symbol, { node: element, scope: checked.scope }] as const]);
  return { ...scope, typeArguments };
}

/** The argument that a type parameter stands for, as it is written. */
function follow(
  context: Context,
  node: TypeScript.TypeNode,
  scope: Scope,
): { readonly node: TypeScript.TypeNode; readonly scope: Scope } {
  const { ts } = context.sources;
  if (ts.isParenthesizedTypeNode(node)) return follow(context, node.type, scope);
  const symbol = ts.isTypeReferenceNode(node) ? resolveSymbol(context, node.typeName) : undefined;
  const bound = symbol && scope.typeArguments.get(symbol);
  return bound ? follow(context, bound.node, bound.scope) : { node, scope };
}

/** The type of the elements of a list that is written as one. */
function elementOf(context: Context, node: TypeScript.TypeNode): TypeScript.TypeNode | undefined {
  const { ts, moduleOf } = context.sources;
  if (ts.isParenthesizedTypeNode(node)) return elementOf(context, node.type);
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword)
    return elementOf(context, node.type);
  if (ts.isArrayTypeNode(node)) return bare(context, node.elementType);
  if (!ts.isTypeReferenceNode(node) || node.typeArguments?.length !== 1) return undefined;
  const symbol = resolveSymbol(context, node.typeName);
  const isList =
    symbol && ['Array', 'ReadonlyArray'].includes(symbol.name) && moduleOf(symbol.declarations![0]!) === 'lib';
  return isList ? bare(context, node.typeArguments[0]!) : undefined;
}

const bare = (context: Context, node: TypeScript.TypeNode): TypeScript.TypeNode =>
  context.sources.ts.isParenthesizedTypeNode(node) ? bare(context, node.type) : node;
