import type { Diagnostic, Position } from '../../diagnostics.js';
import type { Json, Schema } from '../../ir/schema.js';
import { arg, defineMarker } from '../define.js';
import { fits, wrongValue } from '../effect.js';
import { tagArg } from '../tags.js';

/** Whether a property has to be there, its default, and what it says to readers. */

/** Value: whether the property is required. */
export const required = defineMarker<boolean>({
  name: 'kubebuilder:validation:Required',
  aliases: ['required'],
  targets: ['field', 'package'],
  args: arg.none<boolean>(true),
  summary: 'The property must be there. The absence of `?` says the same; on a file it has no effect.',
  example: '+kubebuilder:validation:Required',
});

/** Value: whether the property is required. What the type says of the least size holds where it asks for more. */
export const k8sRequired = defineMarker<boolean>({
  name: 'k8s:required',
  targets: ['field'],
  args: arg.none<boolean>(true),
  summary:
    'The property must be there, and a string, list, map or object must not be empty, unless the property has a MinLength, MinItems or MinProperties of its own.',
  example: '+k8s:required',
  applyToSchema(schema) {
    switch (schema.kind) {
      case 'string':
        return { ...schema, minLength: Math.max(1, schema.minLength ?? 0) };
      case 'array':
        return { ...schema, minItems: Math.max(1, schema.minItems ?? 0) };
      case 'object':
      case 'map':
      case 'builtin':
        return { ...schema, minProperties: Math.max(1, schema.minProperties ?? 0) };
      default:
        return schema;
    }
  },
});

/** Value: whether the property is required. */
export const optional = defineMarker<boolean>({
  name: 'kubebuilder:validation:Optional',
  aliases: ['optional', 'k8s:optional'],
  targets: ['field', 'package'],
  args: arg.none<boolean>(false),
  summary: 'The property may be absent. A `?` says the same; on a file it has no effect.',
  example: '+kubebuilder:validation:Optional',
});

/** `+kubebuilder:default`, in the grammar of markers. */
export const defaultValue = defineMarker<Json>({
  name: 'kubebuilder:default',
  targets: ['field', 'type'],
  args: arg.any(),
  summary: 'The value that the API server fills in where the property is absent.',
  example: '+kubebuilder:default=3',
  applyToSchema: (schema, value, at, subject) =>
    withDefault(schema, isEmptyMap(value) && schema.kind === 'array' ? [] : value, at, subject),
});

/** `+default` and `@default`, in JSON. A reference to a constant of Go (`ref(…)`) has no value. */
export const jsonDefault = defineMarker<Json | undefined>({
  name: 'default',
  tag: { name: 'default', args: tagArg.jsonOrWord(), example: '@default 3' },
  targets: ['field', 'type'],
  args: {
    ...arg.json(),
    parse: (text) => (/^ref\(.*\)$/s.test(text.trim()) ? { value: undefined } : arg.json().parse(text)),
  },
  summary:
    'The value that the API server fills in where the property is absent, as JSON; a tag also takes a bare word for a string.',
  example: '+default=3',
  applyToSchema: (schema, value, at, subject) =>
    value === undefined ? schema : withDefault(schema, value, at, subject),
});

const isEmptyMap = (value: Json): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

function withDefault(schema: Schema, value: Json, at: Position, subject: string): Schema | Diagnostic {
  return fits(schema, value) ? { ...schema, default: value } : wrongValue('The default', schema, value, at, subject);
}

export const example = defineMarker<Json>({
  name: 'kubebuilder:example',
  tag: { name: 'example', args: tagArg.jsonOrText(), example: '@example 3' },
  targets: ['field', 'type'],
  args: arg.any(),
  summary: 'A value for documentation and samples.',
  example: '+kubebuilder:example=3',
  applyToSchema: (schema, value) => ({ ...schema, example: value }),
});

export const title = defineMarker<string>({
  name: 'kubebuilder:title',
  tag: { name: 'title', args: arg.raw(), example: '@title Number of replicas' },
  targets: ['field', 'type'],
  args: arg.mapped(
    arg.checked(arg.any(), (value) => (typeof value === 'string' ? undefined : 'a string in quotes')),
    String,
  ),
  summary: 'A title for forms.',
  example: '+kubebuilder:title="Number of replicas"',
  applyToSchema: (schema, value) => ({ ...schema, title: value }),
});

const uri = arg.checked(arg.string(), (text) => (URL.canParse(text) || text.startsWith('/') ? undefined : 'a URL'));

export const externalDocs = defineMarker({
  name: 'kubebuilder:externalDocs',
  targets: ['field', 'type'],
  args: arg.record({
    url: arg.about('a whole URL', uri),
    description: arg.about('what is there', arg.optional(arg.string())),
  }),
  summary: 'Where more is written.',
  example: '+kubebuilder:externalDocs:url="https://example.com/sizes",description="All sizes"',
  applyToSchema: (schema, value) => ({ ...schema, externalDocs: value }),
});

export const docsMarkers = [
  required,
  k8sRequired,
  optional,
  defaultValue,
  jsonDefault,
  example,
  title,
  externalDocs,
] as const;
