import { describe, expect, test } from 'vitest';
import { compileRule, type Verdict } from '../../src/cel/rule.js';
import { expressions, object, schema } from './expressions.js';

const outcomeOf = (verdict: Verdict): string => {
  if ('notEvaluated' in verdict) return `not evaluated: ${verdict.notEvaluated}`;
  if (verdict.ok) return 'true';
  return verdict.cause === 'error' ? 'error' : 'false';
};

describe.each(Object.entries(expressions))('%s', (outcome, rules) => {
  test.each(rules)('%s', (rule) => {
    const verdict = compileRule(schema, { rule }).evaluate(object);
    expect(outcomeOf(verdict), JSON.stringify(verdict)).toBe(outcome);
  });
});
