import { createRequire } from 'node:module';
import type { ASTNode } from '@marcbachmann/cel-js';
import type { BinarySign, Node } from './ast.js';
import type { Value } from './value.js';
import { uint } from './value.js';

type Parser = (text: string) => { readonly ast: ASTNode };

let parser: Parser | undefined;

/** Loaded with the first expression. */
function load(): Parser {
  const { Environment }: typeof import('@marcbachmann/cel-js') = createRequire(import.meta.url)('@marcbachmann/cel-js');
  const environment = new Environment({ enableOptionalTypes: true });
  return (text) => environment.parse(text);
}

/** Reads an expression, or says what is wrong with it. */
export function parseExpression(text: string): Node | { readonly problem: string } {
  try {
    parser ??= load();
    return toNode(parser(text).ast);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { problem: error.message.split('\n', 1)[0]! };
  }
}

function toNode(ast: ASTNode): Node {
  switch (ast.op) {
    case 'value':
      return { op: 'literal', value: literal(ast.args) };
    case 'id':
      return { op: 'name', name: ast.args };
    case '.':
    case '.?':
      return { op: 'select', operand: toNode(ast.args[0]), field: ast.args[1], optional: ast.op === '.?' };
    case '[]':
    case '[?]':
      return {
        op: 'index',
        operand: toNode(ast.args[0]),
        index: toNode(ast.args[1]),
        optional: ast.op === '[?]',
      };
    case 'call':
      return { op: 'call', name: ast.args[0], receiver: undefined, args: ast.args[1].map(toNode) };
    case 'rcall':
      return { op: 'call', name: ast.args[0], receiver: toNode(ast.args[1]), args: ast.args[2].map(toNode) };
    case 'list':
      return { op: 'list', items: ast.args.map(toNode) };
    case 'map':
      return { op: 'map', entries: ast.args.map(([key, value]) => [toNode(key), toNode(value)] as const) };
    case '?:':
      return { op: 'choice', condition: toNode(ast.args[0]), yes: toNode(ast.args[1]), no: toNode(ast.args[2]) };
    case '!_':
      return { op: 'unary', sign: '!', operand: toNode(ast.args) };
    case '-_':
      return negative(toNode(ast.args));
    case '&&':
    case '||':
      return { op: ast.op === '&&' ? 'and' : 'or', left: toNode(ast.args[0]), right: toNode(ast.args[1]) };
    default:
      return { op: 'binary', sign: ast.op as BinarySign, left: toNode(ast.args[0]), right: toNode(ast.args[1]) };
  }
}

/** The sign belongs to a literal, so that the smallest int can be written. */
function negative(operand: Node): Node {
  if (operand.op === 'literal' && (typeof operand.value === 'bigint' || typeof operand.value === 'number')) {
    return { op: 'literal', value: -operand.value };
  }
  return { op: 'unary', sign: '-', operand };
}

function literal(value: unknown): Value {
  if (value instanceof Uint8Array) return { kind: 'bytes', bytes: value };
  if (typeof value === 'object' && value !== null) return uint(BigInt(String(value.valueOf())));
  return value as Value;
}
