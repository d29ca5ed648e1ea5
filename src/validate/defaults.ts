import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import { isObject, show } from '../json.js';
import { answers } from './answers.js';
import { checkDuplicates } from './listtype.js';
import { checkEmbedded, checkResource } from './metadata.js';
import { applyDefaults } from './object.js';
import { unknownFields } from './prune.js';
import type { ValueFinding } from './result.js';
import type { Finding, SchemaRule } from './rule.js';
import { below, nothing } from './rule.js';
import { checkValue } from './value.js';
import type { SchemaNode } from './walk.js';
import { forbidsDefaults, isMetaField, nearestNode } from './walk.js';

/** An int-or-string is held to its two types, although the API server lets any default pass there and refuses the objects later. */
export const defaultRules: readonly SchemaRule[] = [
  {
    id: 'DF1',
    claim: 'A default has only fields that its schema knows',
    hint: 'declare the field, or remove it from the default',
    server: answers.DF1,
    ...defaultRule('outside', ({ schema, role }, value) =>
      unknownFields(schema, value, role === 'root').map((field) => ({ detail: `has the unknown field \`${field}\`` })),
    ),
  },
  {
    id: 'DF2',
    claim: 'A default matches its schema',
    hint: 'change the default or the validation',
    server: answers.DF2,
    ...defaultRule('checked', (node, value) =>
      isIncomplete(node.schema, value) || resourceErrors(node, value).length > 0
        ? []
        : errors(checkValue(node.schema, value, 'default')),
    ),
  },
  {
    id: 'DF3',
    claim: 'A default in metadata or of an embedded resource gives a valid resource',
    hint: 'write a whole resource, and labels and annotations as maps of strings',
    server: answers.DF3,
    ...defaultRule('anywhere', (node, value) => errors(resourceErrors(node, value))),
  },
  {
    id: 'DF5',
    claim: 'Below `additionalProperties` too, a default matches its schema',
    hint: 'change the default or the validation: the API server accepts both, then refuses every object that gets the default',
    severity: 'warning',
    ...defaultRule('values', ({ schema }, value) =>
      errors(checkValue(schema, applyDefaults(schema, value), 'default')),
    ),
  },
  {
    id: 'DF6',
    claim: 'A default matches its schema before the defaults of its fields are filled in',
    hint: 'write the whole default',
    server: answers.DF6,
    on: ['default'],
    check(node) {
      const { schema, path } = node;
      const value = defaultIn(node, 'checked');
      if (value === undefined || !isIncomplete(schema, value)) return nothing;
      const hint = `write the whole default: ${JSON.stringify(applyDefaults(schema, value))}`;
      const [{ inside = '' }] = errors(checkValue(schema, value, 'default')) as [Omit<Finding, 'path'>];
      return [
        { path: below(path, 'default'), detail: `is ${show(value)}, which matches only with them`, hint, inside },
      ];
    },
  },
  {
    id: 'DF7',
    claim: 'A default of a list of type set or map has no duplicates',
    hint: 'remove the second entry, or no object that gets the default can be created',
    severity: 'warning',
    ...defaultRule('anywhere', ({ schema }, value) => errors(checkDuplicates(schema, value, 'default'))),
  },
];

/** Where defaults stand: outside of metadata and maps, there or in the metadata of an embedded resource, in maps (which the server passes over), or anywhere. */
type Place = 'outside' | 'checked' | 'values' | 'anywhere';

function defaultRule(
  place: Place,
  problems: (node: SchemaNode, value: Json) => readonly Omit<Finding, 'path'>[],
): Pick<SchemaRule, 'on' | 'check'> {
  return {
    on: ['default'],
    check(node) {
      const value = defaultIn(node, place);
      if (value === undefined) return nothing;
      return problems(node, value).map((problem): Finding => ({ path: below(node.path, 'default'), ...problem }));
    },
  };
}

/** The default of a node of the place; null counts as none. Branches have no defaults (ST4). */
function defaultIn(node: SchemaNode, place: Place): Json | undefined {
  const value = node.schema.default ?? undefined;
  if (value === undefined || node.nested) return undefined;
  if (place === 'anywhere') return value;
  const inValues = nearestNode(node, ({ role }) => role === 'values') !== undefined;
  if (place === 'values') return inValues ? value : undefined;
  const isElsewhere = place === 'checked' ? forbidsDefaults(node) : nearestNode(node, isMetaField) !== undefined;
  return inValues || isElsewhere ? undefined : value;
}

/** The texts of the API server follow the fact. */
function errors(findings: readonly ValueFinding[]): readonly Omit<Finding, 'path'>[] {
  return findings.map(({ path, message }) => ({
    detail: `is refused with \`${path}: ${message.replaceAll('`', "'")}\``,
    inside: path.startsWith('default') ? path.slice('default'.length) : '',
  }));
}

/** Refused as it stands, and good once the defaults inside are filled in. */
function isIncomplete(schema: JsonSchema, value: Json): boolean {
  return (
    checkValue(schema, value, 'default').length > 0 &&
    checkValue(schema, applyDefaults(schema, value), 'default').length === 0
  );
}

/** Errors of embedded resources in the default, or of the resource whose metadata the default stands in. */
function resourceErrors(node: SchemaNode, value: Json): readonly ValueFinding[] {
  if (forbidsDefaults(node)) return [];
  const meta = nearestNode(node, isMetaField);
  if (!meta) {
    const own = node.role === 'root' && isObject(value) ? checkResource(value, 'default') : [];
    return [...own, ...checkEmbedded(node.schema, value, 'default')];
  }
  const resource = surroundings(node, meta.parent!, value);
  return isObject(resource) ? checkResource({ apiVersion: 'v1', kind: 'Kind', ...resource }, '') : [];
}

/** The value wrapped into what lies between it and its resource. */
function surroundings(node: SchemaNode, resource: SchemaNode, value: Json): Json {
  let wrapped = value;
  for (let each = node; each !== resource; each = each.parent!) {
    if (each.role === 'items') wrapped = [wrapped];
    else if (each.role === 'property') wrapped = { [each.name!]: wrapped };
  }
  return wrapped;
}
