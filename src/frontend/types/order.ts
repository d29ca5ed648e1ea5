import type { TypeScript } from '../load.js';
import { partType } from './closed.js';
import { literalValue } from './literals.js';
import { resolveSymbol } from './reference.js';
import type { Context, Scope } from './scope.js';

type Value = string | number | boolean;

/**
 * Values of a computed type in the order in which the source names them, others behind them, sorted: the checker's own order of a union
 * depends on what it has seen before.
 */
export function inSourceOrder(
  context: Context,
  values: readonly Value[],
  node: TypeScript.Node,
  scope: Scope,
): readonly Value[] {
  const places = new Map<Value, number>();
  for (const value of namedValues(context, node, new Set(), scope))
    if (!places.has(value)) places.set(value, places.size);
  const place = (value: Value): number => places.get(value) ?? places.size;
  return [...values].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

const changes: Readonly<Record<string, (text: string) => string>> = {
  Uppercase: (text) => text.toUpperCase(),
  Lowercase: (text) => text.toLowerCase(),
  Capitalize: (text) => text.slice(0, 1).toUpperCase() + text.slice(1),
  Uncapitalize: (text) => text.slice(0, 1).toLowerCase() + text.slice(1),
};

/** Literals, where they stand in a type, in what it refers to and in the constants that it is made from; of `keyof`, the names of properties. */
function namedValues(
  context: Context,
  node: TypeScript.Node,
  seen: Set<TypeScript.Node>,
  scope: Scope,
): readonly Value[] {
  const { ts, checker } = context.sources;
  if (ts.isLiteralTypeNode(node)) return [literalValue(context, node) ?? []].flat();
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isNumericLiteral(node)) return [Number(node.text)];
  if (ts.isEnumMember(node)) return [checker.getConstantValue(node) ?? []].flat();
  if (ts.isPropertyName(node)) return [];
  if (ts.isTemplateLiteralTypeNode(node)) return templateValues(context, node, seen, scope);
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.KeyOfKeyword)
    return keysOf(context, node.type, scope);
  const inner = childrenOf(node).flatMap((child) => namedValues(context, child, seen, scope));
  const change = changeOf(context, node);
  if (change) return inner.map((value) => change(String(value)));
  const fresh = referred(context, node).filter((each) => !seen.has(each));
  for (const each of fresh) seen.add(each);
  return [
    ...inner,
    ...fresh.flatMap((each) => namedValues(context, each, seen, scope)),
    ...argumentValues(context, node, seen, scope),
  ];
}

/** The values of the argument that a type parameter stands for. */
function argumentValues(
  context: Context,
  node: TypeScript.Node,
  seen: Set<TypeScript.Node>,
  { typeArguments }: Scope,
): readonly Value[] {
  const symbol = context.sources.ts.isTypeReferenceNode(node) ? resolveSymbol(context, node.typeName) : undefined;
  const bound = symbol && typeArguments.get(symbol);
  return bound ? namedValues(context, bound.node, seen, bound.scope) : [];
}

function keysOf(context: Context, node: TypeScript.TypeNode, scope: Scope): readonly Value[] {
  const { checker } = context.sources;
  const type = partType(context, node, scope) ?? checker.getTypeFromTypeNode(node);
  const place = ({ valueDeclaration }: TypeScript.Symbol): number => valueDeclaration?.pos ?? 0;
  const properties = checker.getPropertiesOfType(type);
  return [...properties].sort((a, b) => place(a) - place(b)).map((each) => each.name);
}

function childrenOf(node: TypeScript.Node): readonly TypeScript.Node[] {
  const children: TypeScript.Node[] = [];
  node.forEachChild((child) => void children.push(child));
  return children;
}

/** What `Uppercase` and its kin do to each value. */
function changeOf(context: Context, node: TypeScript.Node): ((text: string) => string) | undefined {
  const { ts, moduleOf } = context.sources;
  const symbol = ts.isTypeReferenceNode(node) ? resolveSymbol(context, node.typeName) : undefined;
  if (!symbol || !Object.hasOwn(changes, symbol.name)) return undefined;
  return symbol.declarations!.some((each) => moduleOf(each) === 'lib') ? changes[symbol.name] : undefined;
}

function referred(context: Context, node: TypeScript.Node): readonly TypeScript.Node[] {
  const { ts } = context.sources;
  const name = ts.isTypeReferenceNode(node) ? node.typeName : ts.isTypeQueryNode(node) ? node.exprName : undefined;
  return (name && resolveSymbol(context, name)?.declarations) ?? [];
}

/** More values than the checker itself would spell out. */
const maximumProduct = 10_000;

function templateValues(
  context: Context,
  node: TypeScript.TemplateLiteralTypeNode,
  seen: Set<TypeScript.Node>,
  scope: Scope,
): readonly Value[] {
  let texts: readonly string[] = [node.head.text];
  for (const { type, literal } of node.templateSpans) {
    const values = [...new Set(namedValues(context, type, new Set(seen), scope))];
    if (texts.length * values.length > maximumProduct) return [];
    texts = texts.flatMap((text) => values.map((value) => `${text}${value}${literal.text}`));
  }
  return texts;
}
