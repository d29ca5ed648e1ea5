import { elementAt, isIn, select } from './access.js';
import { calculate, negate } from './arithmetic.js';
import type { Node } from './ast.js';
import { compare, isEqual } from './equal.js';
import type { CelFunction } from './library/function.js';
import { celFunctions } from './library/index.js';
import { decide, isTrue } from './logic.js';
import { evaluateMacro } from './macros.js';
import type { Budget, Scope } from './scope.js';
import { lookUp, spend } from './scope.js';
import type { Value } from './value.js';
import { int, kindOf, list, mapOf, NotEvaluated, noSuchOverload, typeValue } from './value.js';

/** Evaluates an expression as cel-go does. Throws EvaluationError or NotEvaluated. */
export function evaluate(node: Node, scope: Scope | undefined, budget: Budget): Value {
  spend(budget, 1);
  switch (node.op) {
    case 'literal':
      return typeof node.value === 'bigint' ? int(node.value) : node.value;
    case 'name':
      return named(node.name, scope);
    case 'select':
      return qualified(node, scope) ?? select(evaluate(node.operand, scope, budget), node.field, node.optional);
    case 'index':
      return elementAt(evaluate(node.operand, scope, budget), evaluate(node.index, scope, budget), node.optional);
    case 'and':
    case 'or':
      return decide(
        [node.left, node.right].map((side) => () => evaluate(side, scope, budget)),
        node.op === 'or',
      );
    case 'choice':
      return isTrue(evaluate(node.condition, scope, budget))
        ? evaluate(node.yes, scope, budget)
        : evaluate(node.no, scope, budget);
    case 'unary':
      return unary(node.sign, evaluate(node.operand, scope, budget));
    case 'binary':
      return binary(node.sign, evaluate(node.left, scope, budget), evaluate(node.right, scope, budget), budget);
    case 'list':
      return list(node.items.map((item) => evaluate(item, scope, budget)));
    case 'map':
      return mapOf(node.entries.map(([key, value]) => [evaluate(key, scope, budget), evaluate(value, scope, budget)]));
    case 'call':
      return evaluateMacro(node, scope, budget, evaluate) ?? callFunction(node, scope, budget);
  }
}

const types: ReadonlySet<string> = new Set(
  (
    'int uint double bool string bytes list map null_type type optional_type google.protobuf.Timestamp ' +
    'google.protobuf.Duration net.IP net.CIDR kubernetes.Quantity kubernetes.URL kubernetes.Semver kubernetes.NamedFormat'
  ).split(' '),
);

function named(name: string, scope: Scope | undefined): Value {
  const variable = lookUp(scope, name);
  if (variable) return variable.value;
  if (types.has(name)) return typeValue(name);
  throw new NotEvaluated(`\`${name}\` is not known`);
}

/** The type that a name with dots stands for. */
function qualified(node: Node, scope: Scope | undefined): Value | undefined {
  const names: string[] = [];
  let each = node;
  for (; each.op === 'select'; each = each.operand) names.unshift(each.field);
  if (each.op !== 'name' || lookUp(scope, each.name)) return undefined;
  const name = [each.name, ...names].join('.');
  return types.has(name) ? typeValue(name) : undefined;
}

const unary = (sign: '!' | '-', value: Value): Value => (sign === '!' ? !isTrue(value) : negate(value));

function binary(sign: Extract<Node, { op: 'binary' }>['sign'], left: Value, right: Value, budget: Budget): Value {
  spend(budget, (sizeOf(left) + sizeOf(right)) / 10);
  switch (sign) {
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case '<':
      return compare(left, right) < 0;
    case '<=':
      return compare(left, right) <= 0;
    case '>':
      return compare(left, right) > 0;
    case '>=':
      return compare(left, right) >= 0;
    case 'in':
      return isIn(left, right);
    default:
      return calculate(sign, left, right);
  }
}

function sizeOf(value: Value): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  if (value.kind === 'list') return value.items.length;
  return value.kind === 'map' ? value.entries.size : 1;
}

const table = new Map<string, CelFunction[]>();
for (const each of celFunctions) {
  const key = `${each.member ? '.' : ''}${each.name}`;
  table.set(key, [...(table.get(key) ?? []), each]);
}

function callFunction(node: Extract<Node, { op: 'call' }>, scope: Scope | undefined, budget: Budget): Value {
  const { name, receiver, args } = node;
  const space = receiver?.op === 'name' && !lookUp(scope, receiver.name) ? `${receiver.name}.${name}` : undefined;
  const isGlobal = !receiver || (space !== undefined && table.has(space));
  const functions = table.get(isGlobal ? (space ?? name) : `.${name}`);
  if (!functions) throw new NotEvaluated(`the function \`${name}\` is not known`);
  const values = [...(isGlobal ? [] : [receiver!]), ...args].map((arg) => evaluate(arg, scope, budget));
  const fitting = functions
    .flatMap(({ overloads }) => overloads)
    .find(
      ({ params }) =>
        params.length === values.length &&
        params.every((param, index) => param === 'any' || param === kindOf(values[index]!)),
    );
  if (!fitting) throw noSuchOverload();
  return fitting.call(values as never, (steps) => spend(budget, steps));
}
