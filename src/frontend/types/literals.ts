import type { Json, Schema } from '../../ir/schema.js';
import type { TypeScript } from '../load.js';
import { type Context, refuse, type Scope } from './scope.js';

/** An enum of the literals, in source order: all strings, all numbers or one boolean. */
export function literalSchema(context: Context, nodes: readonly TypeScript.LiteralTypeNode[], scope: Scope): Schema {
  const values = nodes.map((node) => literalValue(context, node));
  const odd = nodes[values.indexOf(undefined)];
  if (!odd) return enumSchema(context, values as readonly Json[], nodes[0]!, scope);
  const message = `\`${scope.subject}\` must be a string, a number or a boolean, but it is \`${odd.getText()}\``;
  const isNull = odd.literal.kind === context.sources.ts.SyntaxKind.NullKeyword;
  return refuse(context, odd, 'OG1002', message, isNull ? 'write `T | null`' : 'use `Int64`, or a string');
}

export function enumSchema(context: Context, values: readonly Json[], node: TypeScript.Node, scope: Scope): Schema {
  const at = context.sources.position(node);
  if (values.every((value) => typeof value === 'string')) return { kind: 'string', enum: unique(values), at };
  if (values.every((value) => typeof value === 'number')) {
    const lost = values.find(
      (value) => !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)),
    );
    if (lost !== undefined) return refuseNumber(context, lost, node, scope);
    const kind = values.every(Number.isInteger) ? 'integer' : 'number';
    return { kind, enum: unique(values), at };
  }
  if (values.every((value) => typeof value === 'boolean')) {
    return values.length > 1 ? { kind: 'boolean', at } : { kind: 'boolean', enum: values, at };
  }
  const message = `The values of \`${scope.subject}\` must be of one type, but they mix strings, numbers or booleans`;
  return refuse(context, node, 'OG1002', message, "write all of them as strings, such as `'1' | 'auto'`");
}

function refuseNumber(context: Context, value: number, node: TypeScript.Node, scope: Scope): Schema {
  const message = `The numbers of \`${scope.subject}\` must be exact in JSON, but \`${value}\` is not`;
  return refuse(context, node, 'OG1002', message, 'use a string');
}

const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

/** The value of a literal; `undefined` for `null` and for what JSON has no literal for, such as a bigint. */
export function literalValue(
  { sources: { ts } }: Context,
  node: TypeScript.LiteralTypeNode,
): string | number | boolean | undefined {
  const { literal } = node;
  if (ts.isStringLiteral(literal) || ts.isNoSubstitutionTemplateLiteral(literal)) return literal.text;
  if (literal.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (literal.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isNumericLiteral(literal)) return Number(literal.text);
  if (ts.isPrefixUnaryExpression(literal) && ts.isNumericLiteral(literal.operand)) return -Number(literal.operand.text);
  return undefined;
}
