import type { Schema } from '../../ir/schema.js';
import type { TypeScript } from '../load.js';
import { resolveSymbol } from './reference.js';
import { type Context, refuse, type Scope, shorten } from './scope.js';

/**
 * A scalar that the checker computed. Of a name such as `type Port = Int32` it keeps the number only, so a name with markers in what it was computed
 * from is refused: its limits would be lost.
 */
export function computedScalar(context: Context, schema: Schema, node: TypeScript.Node, scope: Scope): Schema {
  const name = markedScalar(context, node, scope, new Set());
  if (name === undefined) return schema;
  const message = `\`${scope.subject}\` must have a type whose markers are known, but \`${shorten(node.getText())}\` leaves nothing of \`${name}\``;
  return refuse(context, node, 'OG1002', message, `write the type that it comes to, such as \`${name}\``);
}

/** The first name of a scalar with markers in a type or in the arguments of its type parameters. */
function markedScalar(
  context: Context,
  node: TypeScript.Node,
  scope: Scope,
  seen: Set<TypeScript.Node>,
): string | undefined {
  const { ts } = context.sources;
  if (seen.has(node)) return undefined;
  seen.add(node);
  const symbol = ts.isTypeReferenceNode(node) ? resolveSymbol(context, node.typeName) : undefined;
  const bound = symbol && scope.typeArguments.get(symbol);
  if (bound) return markedScalar(context, bound.node, bound.scope, seen);
  if (symbol && isMarkedScalar(context, symbol)) return symbol.name;
  return ts.forEachChild(node, (child) => markedScalar(context, child, scope, seen));
}

function isMarkedScalar({ sources, docs }: Context, symbol: TypeScript.Symbol): boolean {
  const { ts, checker } = sources;
  const declaration = symbol.declarations?.find((each) => ts.isTypeAliasDeclaration(each));
  if (!declaration || sources.moduleOf(declaration) !== undefined) return false;
  const type = checker.getTypeAtLocation(declaration);
  const isScalar = (each: TypeScript.Type): boolean =>
    (each.flags & (ts.TypeFlags.String | ts.TypeFlags.Number | ts.TypeFlags.Boolean)) !== 0 ||
    (each.isIntersection() && each.types.some(isScalar));
  return isScalar(type) && docs.of(declaration, 'type').markers.length > 0;
}
