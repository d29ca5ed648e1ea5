import type { TypeScript } from '../load.js';
import { resolveSymbol } from './reference.js';
import type { Context, Scope } from './scope.js';

/** What the checker makes of the type that `scope` is about, with the type arguments of the declarations around it. */
export function closedType(context: Context, node: TypeScript.TypeNode, scope: Scope): TypeScript.Type {
  return partType(context, node, scope) ?? scope.type?.() ?? context.sources.checker.getTypeFromTypeNode(node);
}

/** What the checker makes of a part of a type; nothing where type arguments have a part in it that only their declaration knows. */
export function partType(context: Context, node: TypeScript.TypeNode, scope: Scope): TypeScript.Type | undefined {
  const { ts, checker } = context.sources;
  if (!mentionsParameter(context, node, scope)) return checker.getTypeFromTypeNode(node);
  if (ts.isParenthesizedTypeNode(node)) return partType(context, node.type, scope);
  const symbol = ts.isTypeReferenceNode(node) ? resolveSymbol(context, node.typeName) : undefined;
  const bound = symbol && scope.typeArguments.get(symbol);
  return bound && partType(context, bound.node, bound.scope);
}

function mentionsParameter(context: Context, node: TypeScript.Node, { typeArguments }: Scope): boolean {
  const { ts, checker } = context.sources;
  if (typeArguments.size === 0) return false;
  const visit = (each: TypeScript.Node): boolean => {
    const symbol = ts.isIdentifier(each) ? checker.getSymbolAtLocation(each) : undefined;
    return (symbol !== undefined && typeArguments.has(symbol)) || (ts.forEachChild(each, visit) ?? false);
  };
  return visit(node);
}

/** The type of the elements of a list, or of the values of a map, that `scope` is about. */
export function elementType({ sources: { ts, checker } }: Context, { type }: Scope): Scope['type'] {
  if (!type) return undefined;
  return () => {
    const whole = type();
    const infos = whole ? checker.getIndexInfosOfType(checker.getNonNullableType(whole)) : [];
    const isText = (info: TypeScript.IndexInfo): boolean => (info.keyType.flags & ts.TypeFlags.String) !== 0;
    return (infos.find(isText) ?? infos[0])?.type;
  };
}

/** The type of a member of what `scope` is about. */
export function memberType({ sources: { checker } }: Context, { type }: Scope, name: string): Scope['type'] {
  if (!type) return undefined;
  return () => {
    const whole = type();
    const property = whole && checker.getPropertyOfType(checker.getNonNullableType(whole), name);
    const member = property && checker.getTypeOfSymbol(property);
    return member && checker.getNonNullableType(member);
  };
}

export const isString = ({ sources: { ts } }: Context, type: TypeScript.Type | undefined): boolean =>
  type !== undefined && (type.flags & ts.TypeFlags.String) !== 0;
