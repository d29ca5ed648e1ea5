import type { Value } from './value.js';

/** An expression of CEL. Macros are calls like others; `?` forms of selections and indices are `optional`. */
export type Node =
  | { readonly op: 'literal'; readonly value: Value }
  | { readonly op: 'name'; readonly name: string }
  | { readonly op: 'select'; readonly operand: Node; readonly field: string; readonly optional: boolean }
  | { readonly op: 'index'; readonly operand: Node; readonly index: Node; readonly optional: boolean }
  | { readonly op: 'call'; readonly name: string; readonly receiver: Node | undefined; readonly args: readonly Node[] }
  | { readonly op: 'unary'; readonly sign: '!' | '-'; readonly operand: Node }
  | { readonly op: 'binary'; readonly sign: BinarySign; readonly left: Node; readonly right: Node }
  | { readonly op: 'and' | 'or'; readonly left: Node; readonly right: Node }
  | { readonly op: 'choice'; readonly condition: Node; readonly yes: Node; readonly no: Node }
  | { readonly op: 'list'; readonly items: readonly Node[] }
  | { readonly op: 'map'; readonly entries: readonly (readonly [Node, Node])[] };

export type BinarySign = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+' | '-' | '*' | '/' | '%';

/** The parts of an expression. */
function childrenOf(node: Node): readonly Node[] {
  switch (node.op) {
    case 'literal':
    case 'name':
      return [];
    case 'select':
    case 'unary':
      return [node.operand];
    case 'index':
      return [node.operand, node.index];
    case 'call':
      return node.receiver ? [node.receiver, ...node.args] : node.args;
    case 'binary':
    case 'and':
    case 'or':
      return [node.left, node.right];
    case 'choice':
      return [node.condition, node.yes, node.no];
    case 'list':
      return node.items;
    case 'map':
      return node.entries.flat();
  }
}

/** Whether a name occurs as a variable; a field or a function of that name does not count. */
export function usesName(node: Node, name: string): boolean {
  if (node.op === 'name') return node.name === name;
  return childrenOf(node).some((child) => usesName(child, name));
}
