import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import { memberAt, stringAt } from '../json.js';
import { toValue } from './adapt.js';
import type { Node } from './ast.js';
import { usesName } from './ast.js';
import { evaluate } from './evaluate.js';
import { parseExpression } from './parse.js';
import type { Scope } from './scope.js';
import type { Value } from './value.js';
import { EvaluationError, NotEvaluated, none, some } from './value.js';

/** `error`: the rule could not be evaluated, which refuses the object as well. */
export type Verdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly cause: 'rule' | 'error';
      readonly message: string;
      readonly reason: string;
      /** Relative to the node of the rule; empty for the node itself. */
      readonly fieldPath: string;
    }
  | { readonly notEvaluated: string };

/** A rule of x-kubernetes-validations that is ready to be asked. */
export interface CompiledRule {
  readonly usesOldSelf: boolean;
  /**
   * Asks the rule about a value of its node, which is not null. Without `oldSelf`, rules that need it pass.
   */
  evaluate(self: Json, oldSelf?: Json): Verdict;
}

const maxSteps = 1_000_000;
const maxMessage = 5 * 1024;
const parsed = new Map<string, Node | { readonly problem: string }>();

/** Parses once per text. */
function parse(text: string): Node | { readonly problem: string } {
  if (!parsed.has(text)) {
    if (parsed.size >= 10_000) parsed.clear();
    parsed.set(text, parseExpression(text));
  }
  return parsed.get(text)!;
}

/**
 * Reads a rule of a node. `schema` types the values; for the root of a resource it is that of `withResourceFields`. Expressions are
 * not type-checked: what the schema or opgen's library does not know gives `notEvaluated` when it is reached.
 */
export function compileRule(schema: JsonSchema, rule: Json): CompiledRule {
  const text = stringAt(rule, 'rule') ?? '';
  const node = parse(text);
  const optional = memberAt(rule, 'optionalOldSelf') === true;
  if ('problem' in node) return { usesOldSelf: false, evaluate: () => ({ notEvaluated: node.problem }) };
  const usesOldSelf = usesName(node, 'oldSelf');
  return {
    usesOldSelf,
    evaluate(self, oldSelf) {
      const old = oldSelf ?? undefined;
      if (text.trim() === '' || (usesOldSelf && old === undefined && !optional)) return { ok: true };
      const outcome = attempt(() => evaluateIn(node, scopeOf(schema, self, old, optional)));
      if ('notEvaluated' in outcome) return outcome;
      if ('error' in outcome) return failure(rule, 'error', errorText(outcome.error, rule));
      if (outcome.value === true) return { ok: true };
      const message = messageOf(rule, () => scopeOf(schema, self, old, optional));
      return failure(rule, 'rule', message);
    },
  };
}

const evaluateIn = (node: Node, scope: Scope): Value => evaluate(node, scope, { steps: maxSteps });

function scopeOf(schema: JsonSchema, self: Json, old: Json | undefined, optional: boolean): Scope {
  const outer: Scope = { name: 'self', value: toValue(self, schema), outer: undefined };
  if (old === undefined) return optional ? { name: 'oldSelf', value: none, outer } : outer;
  const value = toValue(old, schema);
  return { name: 'oldSelf', value: optional ? some(value) : value, outer };
}

type Outcome = { readonly value: Value } | { readonly error: string } | { readonly notEvaluated: string };

function attempt(work: () => Value): Outcome {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof EvaluationError) return { error: error.message };
    if (error instanceof NotEvaluated) return { notEvaluated: error.message };
    if (error instanceof RangeError) return { notEvaluated: 'it is nested too deeply' };
    throw error;
  }
}

function failure(rule: Json, cause: 'rule' | 'error', message: string): Verdict {
  const [reason, fieldPath] = [stringAt(rule, 'reason'), stringAt(rule, 'fieldPath')];
  return { ok: false, cause, message, reason: reason ?? 'FieldValueInvalid', fieldPath: fieldPath ?? '' };
}

/** The message of a rule, or its text. */
const ruleText = (rule: Json): string => (stringAt(rule, 'message') || stringAt(rule, 'rule') || '').trim();

function errorText(error: string, rule: Json): string {
  if (!error.startsWith('no such overload')) return `${error} evaluating rule: ${ruleText(rule)}`;
  const fact = 'call arguments did not match a supported operator, function or macro signature';
  return `'${error}': ${fact} for rule: ${ruleText(rule)}`;
}

/** The value of messageExpression if it is a good one; else the message, else the rule. */
function messageOf(rule: Json, scope: () => Scope): string {
  const expression = stringAt(rule, 'messageExpression');
  const node = expression ? parse(expression) : undefined;
  if (node && !('problem' in node)) {
    const outcome = attempt(() => evaluateIn(node, scope()));
    const text = 'value' in outcome && typeof outcome.value === 'string' ? outcome.value.trim() : '';
    if (text !== '' && !text.includes('\n') && Buffer.byteLength(text, 'utf8') <= maxMessage) return text;
  }
  return stringAt(rule, 'message') ? ruleText(rule) : `failed rule: ${ruleText(rule)}`;
}
