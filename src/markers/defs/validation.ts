import type { MarkerDef } from '../../ir/marker.js';
import type { Json } from '../../ir/schema.js';
import { arg, defineMarker } from '../define.js';
import { type Families, fits, isFamily, misfit, wrongFamily, wrongValue } from '../effect.js';
import { tagArg } from '../tags.js';

type LimitKey<F extends keyof Families> = Exclude<keyof Families[F], 'kind'> & string;

const lowerFirst = (word: string): string => word.charAt(0).toLowerCase() + word.slice(1);

/** What all validations have in common; `word` is the last part of the name, the key of the schema is the word in lower camel case. */
const validation = (word: string, sample: string) =>
  ({
    name: `kubebuilder:validation:${word}`,
    targets: ['field', 'type'],
    elements: true,
    example: `+kubebuilder:validation:${word}=${sample}`,
  }) as const;

function limit<F extends keyof Families>(
  family: F,
  word: Capitalize<LimitKey<F>>,
  summary: string,
  options: { readonly sample: string; readonly alias?: string; readonly least?: number },
): MarkerDef<number> {
  const key = lowerFirst(word);
  return defineMarker({
    ...validation(word, options.sample),
    ...(options.alias !== undefined && { aliases: [options.alias] }),
    tag: { name: key, example: `@${key} ${options.sample}` },
    args: family === 'number' ? arg.number() : arg.integer(options.least ?? 0),
    summary,
    applyToSchema(schema, value, at, subject) {
      if (!isFamily(schema, family)) return wrongFamily(word, family, schema, at, subject);
      if (schema.kind === 'integer' && !Number.isInteger(value)) {
        return misfit(
          at,
          `${word} of ${subject} must be an integer as the property is, but it is ${value}`,
          'use Type=number',
        );
      }
      return { ...schema, [key]: value };
    },
  });
}

export const minimum = limit('number', 'Minimum', 'The smallest number that is accepted.', {
  sample: '1',
  alias: 'k8s:minimum',
});
export const maximum = limit('number', 'Maximum', 'The largest number that is accepted.', {
  sample: '5',
  alias: 'k8s:maximum',
});
export const minLength = limit('text', 'MinLength', 'The least number of characters.', {
  sample: '1',
  alias: 'k8s:minLength',
});
export const maxLength = limit('text', 'MaxLength', 'The largest number of characters.', {
  sample: '63',
  alias: 'k8s:maxLength',
});
export const minItems = limit('list', 'MinItems', 'The least number of elements.', { sample: '1' });
export const maxItems = limit('list', 'MaxItems', 'The largest number of elements.', {
  sample: '16',
  alias: 'k8s:maxItems',
});
export const minProperties = limit('object', 'MinProperties', 'The least number of keys.', { sample: '1' });
export const maxProperties = limit('object', 'MaxProperties', 'The largest number of keys.', { sample: '10' });

export const multipleOf = defineMarker({
  ...limit('number', 'MultipleOf', 'The number must be a multiple of this one.', { sample: '2' }),
  args: arg.checked(arg.number(), (value) => (value > 0 ? undefined : 'a number greater than 0')),
});

function exclusive(word: 'ExclusiveMinimum' | 'ExclusiveMaximum', bound: string): MarkerDef<boolean> {
  const key = lowerFirst(word);
  return defineMarker({
    ...validation(word, 'true'),
    tag: { name: key, args: tagArg.flag(), example: `@${key}` },
    args: arg.boolean(),
    summary: `The ${bound} itself is not accepted.`,
    applyToSchema(schema, value, at, subject) {
      if (!isFamily(schema, 'number')) return wrongFamily(word, 'number', schema, at, subject);
      return { ...schema, [key]: value };
    },
  });
}

export const exclusiveMinimum = exclusive('ExclusiveMinimum', 'minimum');
export const exclusiveMaximum = exclusive('ExclusiveMaximum', 'maximum');

export const pattern = defineMarker({
  ...validation('Pattern', '`^[a-z]+$`'),
  tag: { name: 'pattern', args: tagArg.pattern(), example: '@pattern ^[a-z]+$' },
  args: arg.string(),
  summary: 'A regular expression (RE2) that must match somewhere in the string.',
  applyToSchema(schema, value, at, subject) {
    if (!isFamily(schema, 'text')) return wrongFamily('Pattern', 'text', schema, at, subject);
    return { ...schema, pattern: value };
  },
});

export const uniqueItems = defineMarker({
  ...validation('UniqueItems', 'false'),
  tag: { name: 'uniqueItems', args: tagArg.flag(), example: '@uniqueItems false' },
  args: arg.boolean(),
  summary: 'Only false is possible: the API server refuses true. A list without duplicates has listType=set.',
  applyToSchema(schema, value, at, subject) {
    if (!isFamily(schema, 'list')) return wrongFamily('UniqueItems', 'list', schema, at, subject);
    if (!value) return schema;
    return misfit(
      at,
      `UniqueItems of ${subject} cannot be true, but it is: the API server refuses it`,
      'use `+listType=set`',
    );
  },
});

export const enumValues = defineMarker<readonly Json[]>({
  ...validation('Enum', 'Small;Medium;Large'),
  args: arg.checked(arg.list(arg.any()), (values) => (values.length > 0 ? undefined : 'at least one value')),
  summary: 'The values that are accepted, in this order. A union of literals says the same in TypeScript.',
  applyToSchema(schema, value, at, subject) {
    const stranger = value.find((each) => !fits(schema, each));
    if (stranger !== undefined) return wrongValue('Each value of Enum', schema, stranger, at, subject);
    if (schema.kind === 'builtin')
      return misfit(at, `Enum applies to a plain type, but ${subject} is the built-in type ${schema.type}`);
    return { ...schema, enum: value };
  },
});

/** `+k8s:enum`: TypeScript's unions and enums say their values themselves, so there is nothing left but to check. */
export const k8sEnum = defineMarker({
  name: 'k8s:enum',
  targets: ['type'],
  args: arg.none(),
  summary: 'The type is an enum of strings; its values are the members of the union or enum.',
  example: '+k8s:enum',
  applyToSchema(schema, _, at, subject) {
    if (schema.kind === 'string' && schema.enum) return schema;
    return misfit(
      at,
      `enum applies to a union of string literals or a string enum, but ${subject} is none`,
      "declare it as `'A' | 'B'`",
    );
  },
});

export const format = defineMarker({
  ...validation('Format', 'date-time'),
  aliases: ['k8s:format'],
  tag: { name: 'format', args: arg.raw(), example: '@format date-time' },
  args: arg.string(),
  summary:
    'The format of a string or number, such as int32 or date-time; the API server ignores those that it does not know.',
  applyToSchema(schema, value, at, subject) {
    if (schema.kind === 'string' || isFamily(schema, 'number')) return { ...schema, format: value };
    return wrongFamily('Format', schema.kind === 'intOrString' ? 'number' : 'text', schema, at, subject);
  },
});

export const validationMarkers = [
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
  multipleOf,
  minLength,
  maxLength,
  pattern,
  format,
  enumValues,
  k8sEnum,
  minItems,
  maxItems,
  uniqueItems,
  minProperties,
  maxProperties,
] as const;
