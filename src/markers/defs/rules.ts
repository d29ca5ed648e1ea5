import { escapeName } from '../../cel/escape.js';
import type { Diagnostic, Position } from '../../diagnostics.js';
import type { MarkerDef } from '../../ir/marker.js';
import { type CelRule, describeSchema, type ObjectSchema, type Schema } from '../../ir/schema.js';
import { nearest } from '../../nearest.js';
import { arg, defineMarker } from '../define.js';
import { misfit } from '../effect.js';
import { tagArg } from '../tags.js';

/** With the rule; one that the node has already is not said twice. */
function withRule(schema: Schema, rule: CelRule): Schema {
  const { rules = [] } = schema;
  const isThere = rules.some((each) => JSON.stringify(each) === JSON.stringify(rule));
  return isThere ? schema : { ...schema, rules: [...rules, rule] };
}

export const xValidation = defineMarker<CelRule>({
  name: 'kubebuilder:validation:XValidation',
  tag: { name: 'rule', args: tagArg.rule(), example: '@rule {self.min <= self.max} min must not exceed max' },
  targets: ['field', 'type'],
  elements: true,
  repeatable: true,
  phase: 'rule',
  args: arg.record({
    rule: arg.about('the expression', arg.string()),
    message: arg.about('what clients see when it is false', arg.optional(arg.string())),
    messageExpression: arg.about('an expression that makes the message', arg.optional(arg.string())),
    reason: arg.about(
      'FieldValueInvalid unless it says otherwise',
      arg.optional(arg.oneOf('FieldValueRequired', 'FieldValueInvalid', 'FieldValueForbidden', 'FieldValueDuplicate')),
    ),
    fieldPath: arg.about('the property that the error names, such as `.size`', arg.optional(arg.string())),
    optionalOldSelf: arg.about(
      '`oldSelf` is optional, so that the rule holds for new objects too',
      arg.optional(arg.boolean()),
    ),
  }),
  summary: 'A rule in CEL that the value must satisfy.',
  example: '+kubebuilder:validation:XValidation:rule="self.min <= self.max",message="min must not exceed max"',
  applyToSchema(schema, value, at, subject) {
    const text = /^'([^']*)'$/.exec(value.rule.trim())?.[1];
    if (text === undefined) return withRule(schema, value);
    const message = `A rule of ${subject} must be true or false, but \`${value.rule}\` is a text`;
    return misfit(at, message, `take the single quotes away: \`rule="${text}"\``);
  },
});

export const immutable = defineMarker({
  name: 'k8s:immutable',
  tag: { name: 'immutable', example: '@immutable' },
  targets: ['field'],
  phase: 'rule',
  args: arg.none(),
  summary: 'The property cannot be changed; an optional one cannot be taken away once it is set.',
  example: '+k8s:immutable',
  applyToSchema: (schema) => withRule(schema, { rule: 'self == oldSelf', message: 'field is immutable' }),
});

/** The rule that the object around an optional immutable property gets, so that the property is not taken away either. */
export function immutableOnceSet(name: string): CelRule {
  const field = escapeName(name) ?? name;
  return { rule: `!has(oldSelf.${field}) || has(self.${field})`, message: `field ${name} is immutable once set` };
}

function oneOfFields(
  word: string,
  summary: string,
  toRule: (names: readonly string[], list: string) => CelRule,
): MarkerDef<readonly string[]> {
  return defineMarker<readonly string[]>({
    name: `kubebuilder:validation:${word}`,
    targets: ['type'],
    repeatable: true,
    phase: 'rule',
    args: arg.list(arg.string()),
    summary,
    example: `+kubebuilder:validation:${word}=configMap;secret`,
    applyToSchema(schema, names, at, subject) {
      if (names.length === 0) return schema;
      if (schema.kind !== 'object')
        return misfit(at, `${word} applies to an object, but ${subject} is ${describeSchema(schema)}`);
      const problems = [...new Set(names)].flatMap((name) => fieldProblem(word, schema, name, at, subject) ?? []);
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice !== undefined)
        return [
          ...problems,
          misfit(at, `${word} of ${subject} names each property once, but \`${twice}\` stands twice`),
        ];
      if (problems.length > 0) return problems;
      const tests = names.map((name) => `has(self.${escapeName(name)})`);
      return withRule(schema, toRule(tests, `[${names.join(' ')}]`));
    },
  });
}

function fieldProblem(
  word: string,
  schema: ObjectSchema,
  name: string,
  at: Position,
  subject: string,
): Diagnostic | undefined {
  const field = schema.fields.find((each) => each.name === name);
  if (!field && name.includes('.'))
    return misfit(at, `${word} names properties of ${subject} itself, but \`${name}\` is nested`);
  if (!field) {
    const near = nearest(
      name,
      schema.fields.map((each) => each.name),
    );
    return misfit(
      at,
      `${word} names properties of ${subject}, but it has no \`${name}\``,
      near && `did you mean \`${near}\`?`,
    );
  }
  if (field.required) {
    return misfit(
      at,
      `${word} names optional properties, but \`${name}\` of ${subject} is required`,
      `declare \`${name}?\``,
    );
  }
  if (escapeName(name) !== undefined) return undefined;
  return misfit(at, `${word} names properties that a CEL rule can address, but \`${name}\` of ${subject} is none`);
}

const sum = (tests: readonly string[]): string => tests.map((test) => `(${test}?1:0)`).join('+');

export const atMostOneOf = oneOfFields('AtMostOneOf', 'At most one of these properties may be set.', (tests, list) => ({
  rule: `${sum(tests)} <= 1`,
  message: `at most one of the fields in ${list} may be set`,
}));

export const exactlyOneOf = oneOfFields(
  'ExactlyOneOf',
  'Exactly one of these properties must be set.',
  (tests, list) => ({
    rule: `${sum(tests)} == 1`,
    message: `exactly one of the fields in ${list} must be set`,
  }),
);

export const atLeastOneOf = oneOfFields(
  'AtLeastOneOf',
  'At least one of these properties must be set.',
  (tests, list) => ({
    rule: tests.join('||'),
    message: `at least one of the fields in ${list} must be set`,
  }),
);

export const ruleMarkers = [xValidation, immutable, atMostOneOf, exactlyOneOf, atLeastOneOf] as const;
