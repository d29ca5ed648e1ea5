import { hasField } from './access.js';
import type { Node } from './ast.js';
import { sortBy } from './library/lists.js';
import { decide, isTrue } from './logic.js';
import type { Budget, Evaluate, Scope } from './scope.js';
import type { Value } from './value.js';
import { EvaluationError, keyId, list, mapOf, NotEvaluated, none, noSuchOverload, some } from './value.js';

type Call = Extract<Node, { op: 'call' }>;

/** One turn of a macro: the arguments, evaluated with its variables set. */
type Turn = (arg: number) => Value;

interface Loop {
  /** The last argument says what the macro asks or gives; before it may stand a filter. */
  readonly args: number;
  readonly turns: readonly Turn[];
}

/** A macro over a list or a map; `with`: the numbers of its arguments, variables included. */
interface Macro {
  readonly variables: 1 | 2;
  readonly arity: readonly number[];
  readonly run: (loop: Loop) => Value;
}

const quantify =
  (decisive: boolean) =>
  ({ turns }: Loop): Value =>
    decide(
      turns.map((turn) => () => turn(0)),
      decisive,
    );

const countOne = ({ turns }: Loop): Value => turns.filter((turn) => isTrue(turn(0))).length === 1;

/** What the last argument gives, for the turns that pass the filter. */
const collect = ({ args, turns }: Loop): readonly Value[] =>
  turns.filter((turn) => args === 1 || isTrue(turn(0))).map((turn) => turn(args - 1));

const loops: Readonly<Record<string, readonly Macro[]>> = {
  all: both(quantify(false)),
  exists: both(quantify(true)),
  exists_one: both(countOne),
  existsOne: both(countOne),
  map: [{ variables: 1, arity: [2, 3], run: (loop) => list(collect(loop)) }],
  transformList: [{ variables: 2, arity: [3, 4], run: (loop) => list(collect(loop)) }],
};

function both(run: Macro['run']): readonly Macro[] {
  return [
    { variables: 1, arity: [2], run },
    { variables: 2, arity: [3], run },
  ];
}

/** The value of a call that is a macro; absent for one that is a function. */
export function evaluateMacro(
  call: Call,
  scope: Scope | undefined,
  budget: Budget,
  evaluate: Evaluate,
): Value | undefined {
  const { name, receiver, args } = call;
  if (!receiver) return name === 'has' && args.length === 1 ? has(args[0]!, scope, budget, evaluate) : undefined;
  const macro = Object.hasOwn(loops, name) ? loops[name]!.find(({ arity }) => arity.includes(args.length)) : undefined;
  const special = Object.hasOwn(specials, name) ? specials[name] : undefined;
  if (!macro && !special?.arity.includes(args.length)) return undefined;
  const variables = args.slice(0, macro?.variables ?? special!.variables).map(variableName);
  const rest = args.slice(variables.length);
  const range = evaluate(receiver, scope, budget);
  const turn: TurnOf = (values) => (arg) => {
    const inner = variables.reduce<Scope | undefined>(
      (outer, variable, index) => ({ name: variable, value: values[index]!, outer }),
      scope,
    );
    return evaluate(rest[arg]!, inner, budget);
  };
  if (!macro) return special!.run(range, rest.length, turn);
  return macro.run({ args: rest.length, turns: entriesOf(range, variables.length).map(turn) });
}

type TurnOf = (values: readonly Value[]) => Turn;

interface Special {
  readonly variables: 1 | 2;
  readonly arity: readonly number[];
  readonly run: (range: Value, args: number, turn: TurnOf) => Value;
}

const specials: Readonly<Record<string, Special>> = {
  filter: {
    variables: 1,
    arity: [2],
    run: (range, _, turn) =>
      list(
        entriesOf(range, 1)
          .filter((values) => isTrue(turn(values)(0)))
          .map(([item]) => item!),
      ),
  },
  transformMap: { variables: 2, arity: [3, 4], run: transformMap },
  transformMapEntry: { variables: 2, arity: [3, 4], run: transformMapEntry },
  sortBy: {
    variables: 1,
    arity: [2],
    run(range, _, turn) {
      const items = entriesOf(range, 1);
      return sortBy(
        items.map(([item]) => item!),
        items.map((values) => turn(values)(0)),
      );
    },
  },
  optMap: {
    variables: 1,
    arity: [2],
    run: (optional, _, turn) => mapOptional(optional, (value) => some(turn([value])(0))),
  },
  optFlatMap: {
    variables: 1,
    arity: [2],
    run: (optional, _, turn) => mapOptional(optional, (value) => turn([value])(0)),
  },
};

function mapOptional(optional: Value, change: (value: Value) => Value): Value {
  if (typeof optional !== 'object' || optional?.kind !== 'optional') throw noSuchOverload();
  return optional.value === undefined ? none : change(optional.value);
}

const passing = (range: Value, args: number, turn: TurnOf): readonly (readonly Value[])[] =>
  entriesOf(range, 2).filter((values) => args === 1 || isTrue(turn(values)(0)));

function transformMap(range: Value, args: number, turn: TurnOf): Value {
  return mapOf(passing(range, args, turn).map((values) => [values[0]!, turn(values)(args - 1)] as const));
}

function transformMapEntry(range: Value, args: number, turn: TurnOf): Value {
  const entries = new Map<string, readonly [Value, Value]>();
  for (const values of passing(range, args, turn)) {
    const entry = turn(values)(args - 1);
    if (typeof entry !== 'object' || entry?.kind !== 'map') throw noSuchOverload();
    for (const pair of entry.entries.values()) {
      const id = keyId(pair[0]);
      if (entries.has(id)) throw new EvaluationError(`insert failed: key ${String(pair[0])} already exists`);
      entries.set(id, pair);
    }
  }
  return { kind: 'map', entries };
}

/** What the variables of a macro stand for in each turn: items or keys; indices and items, or keys and values. */
function entriesOf(range: Value, variables: number): readonly (readonly Value[])[] {
  if (typeof range === 'object' && range?.kind === 'list') {
    return range.items.map((item, index) => (variables === 1 ? [item] : [BigInt(index), item]));
  }
  if (typeof range === 'object' && range?.kind === 'map') {
    return [...range.entries.values()].map(([key, value]) => (variables === 1 ? [key] : [key, value]));
  }
  throw noSuchOverload();
}

function variableName(node: Node): string {
  if (node.op !== 'name') throw new NotEvaluated('the variable of a macro is no name');
  return node.name;
}

function has(node: Node, scope: Scope | undefined, budget: Budget, evaluate: Evaluate): Value {
  if (node.op !== 'select') throw new NotEvaluated('has() is asked about something else than a field');
  return hasField(evaluate(node.operand, scope, budget), node.field);
}
