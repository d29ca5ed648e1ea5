import type { Checked, Diagnostic } from '../diagnostics.js';
import type { Marker, MarkerDef } from '../ir/marker.js';
import { describeSchema, type Schema } from '../ir/schema.js';
import { defaultValue, jsonDefault, k8sRequired, optional, required } from './defs/docs.js';
import { atLeastOneOf, atMostOneOf, exactlyOneOf } from './defs/rules.js';
import { json, mapType, schemaless, structType, type, xIntOrString } from './defs/shape.js';
import { enumValues, k8sEnum } from './defs/validation.js';
import { misfit } from './effect.js';

/**
 * The node with the effects of its markers: by phase (type, value, rule), in source order within each, and then the markers of its
 * elements. To merge a type and a field, call it with the type's markers first and then, on its result, with the field's: a value of the
 * field replaces the type's, and CEL rules of a later call stand before those that the node already has. `name`: what messages call the
 * node, such as the name of the property. A marker that does not fit is reported and has no effect.
 */
export function applyMarkers(schema: Schema, markers: readonly Marker[], name: string): Checked<Schema> {
  return applyAt(schema, markers, `\`${name}\``);
}

function applyAt(schema: Schema, markers: readonly Marker[], subject: string): Checked<Schema> {
  if (schema.refused) return { value: schema, diagnostics: [] };
  const own = markers.filter((marker) => !marker.path?.length);
  const node = applyOwn(schema, own, subject);
  const inner = applyToElements(
    node.value,
    markers.filter((marker) => marker.path?.length),
    subject,
  );
  const found = [
    ...disagreements(own, subject),
    ...enumsThatDiffer(schema, own, subject),
    ...node.diagnostics,
    ...contradictions(node.value, own, subject),
  ];
  return { value: inner.value, diagnostics: [...found, ...inner.diagnostics] };
}

function applyOwn(schema: Schema, markers: readonly Marker[], subject: string): Checked<Schema> {
  const { rules: earlier = [], ...rest } = schema;
  const diagnostics: Diagnostic[] = [];
  let node: Schema = rest;
  for (const { def, value, at } of inOrder(markers)) {
    const result = def.applyToSchema?.(node, value, at, subject) ?? node;
    if (isList(result)) diagnostics.push(...result);
    else if ('code' in result) diagnostics.push(result);
    else node = result;
  }
  const rules = [...(node.rules ?? []), ...earlier];
  return { value: rules.length > 0 ? { ...node, rules } : node, diagnostics };
}

const isList = <T>(result: T | readonly Diagnostic[]): result is readonly Diagnostic[] => Array.isArray(result);

const phases = ['type', 'value', 'rule'] as const;
/** What the node is comes before what is said of it, and what a marker implies before what others say. */
const firstOfPhase: readonly (readonly string[])[] = [
  [schemaless.name, json.name],
  [type.name, xIntOrString.name],
  [k8sRequired.name],
];
const lastOfPhase: readonly string[] = [defaultValue, atMostOneOf, exactlyOneOf, atLeastOneOf].map((def) => def.name);

const rank = (def: MarkerDef<unknown>): number =>
  phases.indexOf(def.phase ?? 'value') * 10 +
  (first(def) < 0 ? firstOfPhase.length + 1 + lastOfPhase.indexOf(def.name) : first(def));

const first = (def: MarkerDef<unknown>): number => firstOfPhase.findIndex((names) => names.includes(def.name));

const inOrder = (markers: readonly Marker[]): readonly Marker[] =>
  [...markers].sort((a, b) => rank(a.def) - rank(b.def));

const containers = {
  items: { noun: 'the elements of a list', element: 'an element of' },
  values: { noun: 'the values of a map', element: 'a value of' },
} as const;

function applyToElements(schema: Schema, markers: readonly Marker[], subject: string): Checked<Schema> {
  const diagnostics: Diagnostic[] = [];
  let node = schema;
  for (const step of ['items', 'values'] as const) {
    const here = markers.filter((marker) => marker.path?.[0] === step);
    const child = elementsOf(node, step);
    if (!child) diagnostics.push(...here.map((marker) => noElements(marker, step, node, subject)));
    else if (here.length > 0) {
      const applied = applyAt(child, here.map(withoutStep), `${containers[step].element} ${subject}`);
      node = { ...node, [step]: applied.value } as Schema;
      diagnostics.push(...applied.diagnostics);
    }
  }
  return { value: node, diagnostics };
}

function elementsOf(schema: Schema, step: 'items' | 'values'): Schema | undefined {
  if (step === 'items') return schema.kind === 'array' ? schema.items : undefined;
  return schema.kind === 'map' ? schema.values : undefined;
}

const withoutStep = ({ path, ...marker }: Marker): Marker => ({ ...marker, path: path!.slice(1) });

const spelling = (marker: Marker): string => `\`${marker.spelled ?? `+${marker.def.name}`}\``;

function noElements(marker: Marker, step: 'items' | 'values', schema: Schema, subject: string): Diagnostic {
  const message = `${spelling(marker)} applies to ${containers[step].noun}, but ${subject} is ${describeSchema(schema)}`;
  return misfit(marker.at, message, `use it without \`${step}\``);
}

/** Markers that say the same thing in two ways. */
const sameThing: Readonly<Record<string, string>> = {
  [optional.name]: required.name,
  [k8sRequired.name]: required.name,
  [jsonDefault.name]: defaultValue.name,
  [structType.name]: mapType.name,
  [xIntOrString.name]: type.name,
};

const topic = (marker: Marker): string => sameThing[marker.def.name] ?? marker.def.name;

/** Different values of one marker on one node: a warning, because the last one wins; what has no effect on the schema has no last word. */
function disagreements(markers: readonly Marker[], subject: string): readonly Diagnostic[] {
  return markers.flatMap((marker, index) => {
    if (marker.def.repeatable) return [];
    const other = markers.slice(0, index).findLast((each) => topic(each) === topic(marker));
    return other && !isEqual(other.value, marker.value) ? [disagreement(other, marker, subject)] : [];
  });
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function disagreement(first: Marker, second: Marker, subject: string): Diagnostic {
  const isFinal = second.def.applyToSchema !== undefined && topic(second) !== required.name;
  const { line } = first.at;
  return {
    code: 'OG2005',
    severity: isFinal ? 'warning' : 'error',
    message: `${spelling(second)} of ${subject} has one value, but ${spelling(first)} in line ${line} gives another`,
    at: second.at,
    hint: `remove one of the two${isFinal ? `; ${spelling(winner(first, second))} ${second.def === first.def ? 'of the last line ' : ''}counts` : ''}`,
  };
}

const winner = (first: Marker, second: Marker): Marker => (rank(first.def) > rank(second.def) ? first : second);

/** `+k8s:enum` stands for the values that the type has in TypeScript. */
function enumsThatDiffer(schema: Schema, markers: readonly Marker[], subject: string): readonly Diagnostic[] {
  const written = markers.find(({ def }) => def.name === enumValues.name);
  const declared = markers.find(({ def }) => def.name === k8sEnum.name);
  if (!written || !declared || !schema.enum || isEqual(written.value, schema.enum)) return [];
  return [disagreement(declared, written, subject)];
}

const bounds = [
  ['minimum', 'maximum'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minProperties', 'maxProperties'],
] as const;

/** Bounds that leave no value, where one of these markers has a part in it. */
function contradictions(schema: Schema, markers: readonly Marker[], subject: string): readonly Diagnostic[] {
  const node: Readonly<Record<string, unknown>> = { ...schema };
  return bounds.flatMap(([low, high]) => {
    const least = node[low];
    const most = node[high];
    const culprit = markers.findLast((marker) => [low, high].some((key) => touches(marker, key)));
    if (!culprit || typeof least !== 'number' || typeof most !== 'number') return [];
    const isEmpty =
      least > most || (least === most && low === 'minimum' && (node.exclusiveMinimum || node.exclusiveMaximum));
    return isEmpty ? [emptyRange(culprit, subject, `${low} ${least}`, `${high} ${most}`)] : [];
  });
}

const touches = ({ def }: Marker, key: string): boolean => {
  const word = def.name.slice(def.name.lastIndexOf(':') + 1).toLowerCase();
  return word === key.toLowerCase() || word === `exclusive${key}`;
};

function emptyRange(marker: Marker, subject: string, low: string, high: string): Diagnostic {
  return {
    code: 'OG2005',
    severity: 'warning',
    message: `The bounds of ${subject} must leave a value, but ${low} and ${high} leave none`,
    at: marker.at,
    hint: 'change one of them; the type of the property may have set the other',
  };
}
