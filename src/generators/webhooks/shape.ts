import type { Json } from '../../ir/schema.js';
import { isObject } from '../../json.js';
import { nearest } from '../../nearest.js';

/** What a value is: a scalar, a list, an object with these fields, or a map with values of one shape. */
export type Shape =
  | 'string'
  | 'integer'
  | { readonly list: Shape; readonly mergeKey?: string }
  | { readonly fields: Readonly<Record<string, Shape>> }
  | { readonly values: Shape };

const strings: Shape = { list: 'string' };

const selector: Shape = {
  fields: {
    matchLabels: { values: 'string' },
    matchExpressions: { list: { fields: { key: 'string', operator: 'string', values: strings } } },
  },
};

const common: Readonly<Record<string, Shape>> = {
  name: 'string',
  clientConfig: {
    fields: {
      url: 'string',
      service: { fields: { name: 'string', namespace: 'string', path: 'string', port: 'integer' } },
      caBundle: 'string',
    },
  },
  rules: {
    list: {
      fields: { apiGroups: strings, apiVersions: strings, resources: strings, operations: strings, scope: 'string' },
    },
  },
  failurePolicy: 'string',
  matchPolicy: 'string',
  namespaceSelector: selector,
  objectSelector: selector,
  sideEffects: 'string',
  timeoutSeconds: 'integer',
  admissionReviewVersions: strings,
  matchConditions: { list: { fields: { name: 'string', expression: 'string' } }, mergeKey: 'name' },
};

/** A webhook of a MutatingWebhookConfiguration or a ValidatingWebhookConfiguration of admissionregistration.k8s.io/v1. */
export const webhookShape = (mutating: boolean): Shape => ({
  fields: mutating ? { ...common, reinvocationPolicy: 'string' } : common,
});

/** A value that is not of its shape. */
export interface Misfit {
  readonly path: string;
  /** Absent: the API has no such field. */
  readonly type?: { readonly expected: string; readonly got: string };
  readonly hint: string;
}

/** Fields that the shape does not know, and values of another type; `ignore`: keys that belong to something else. */
export function misfits(
  value: Json,
  shape: Shape,
  path: string,
  ignore: (key: string) => boolean = () => false,
): readonly Misfit[] {
  if (typeof shape === 'string') return scalarMisfits(value, shape, path);
  if ('list' in shape) {
    if (!Array.isArray(value))
      return [misfit(value, path, 'a list', 'write `{a, b}` in a marker, `["a", "b"]` in JSON')];
    return value.flatMap((each: Json, index) => misfits(each, shape.list, `${path}[${index}]`, ignore));
  }
  if (!isObject(value))
    return [misfit(value, path, 'a map', 'write `{key: value}` in a marker, `{"key": "value"}` in JSON')];
  return Object.entries(value)
    .filter(([key]) => !ignore(key))
    .flatMap(([key, each]) => {
      const inner = 'values' in shape ? shape.values : Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
      const at = path === '' ? key : `${path}.${key}`;
      return inner === undefined ? [unknownField(at, key, shape)] : misfits(each, inner, at, ignore);
    });
}

function scalarMisfits(value: Json, shape: 'string' | 'integer', path: string): readonly Misfit[] {
  if (shape === 'string') {
    const hint = typeof value === 'object' ? 'write text' : `write \`"${String(value)}"\``;
    return typeof value === 'string' ? [] : [misfit(value, path, 'text', hint)];
  }
  return Number.isInteger(value) ? [] : [misfit(value, path, 'an integer', 'write digits without quotes')];
}

const misfit = (value: Json, path: string, expected: string, hint: string): Misfit => ({
  path,
  type: { expected, got: JSON.stringify(value) },
  hint,
});

function unknownField(path: string, key: string, shape: Shape): Misfit {
  const known = typeof shape === 'object' && 'fields' in shape ? Object.keys(shape.fields) : [];
  const meant = nearest(key, known);
  return {
    path,
    hint:
      meant === undefined
        ? `use one of ${known.map((each) => `\`${each}\``).join(', ')}`
        : `did you mean \`${meant}\`?`,
  };
}
