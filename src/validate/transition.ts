import type { Json } from '../ir/schema.js';
import { listAt, memberAt, stringAt } from '../json.js';
import { usesOldSelf } from './cel.js';
import { checkPartRules, hasRules } from './evaluation.js';
import type { ValueFinding } from './result.js';
import type { Finding, SchemaRule } from './rule.js';
import { below, nothing, pathText } from './rule.js';
import { checkValue } from './value.js';
import type { SchemaNode } from './walk.js';
import { isMetaField, nearestNode } from './walk.js';

const uncorrelatable = 'oldSelf cannot be used on the uncorrelatable portion of the schema within {list}';

/** Rules that compare with the old object. */
export const transitionRules: readonly SchemaRule[] = [
  {
    id: 'CE8',
    claim: '`oldSelf` is used where items have old ones: not below lists of type set or atomic',
    hint: 'mark the list as listType=map with listMapKey=…, or move the rule to the node of the list',
    server: [{ at: '{node}.x-kubernetes-validations[{i}].rule', says: `Invalid value: {value}: ${uncorrelatable}` }],
    on: ['x-kubernetes-validations'],
    check(node, keyword) {
      const list = nearestNode(node, (each) => each.role === 'items' && !isMapList(each.parent!))?.parent;
      if (!list) return nothing;
      return listAt(node.schema, keyword).flatMap((rule, index): readonly Finding[] => {
        if (!usesOldSelf(stringAt(rule, 'rule') ?? '')) return [];
        const path = below(node.path, keyword, index, 'rule');
        return [{ path, detail: `uses it within \`${pathText(list.path)}\`` }];
      });
    },
  },
];

const isMapList = ({ schema }: SchemaNode): boolean => schema['x-kubernetes-list-type'] === 'map';

/** Rules that defaults have to keep; CEL is loaded only for a default with rules at its node or below. */
export const defaultEvaluationRules: readonly SchemaRule[] = [
  {
    id: 'DF4',
    claim: 'A default keeps the validation rules of its node and below',
    hint: 'change the default or the rule',
    server: ['Invalid value{text}', 'Required value: {text}', 'Forbidden: {text}', 'Duplicate value{text}'].map(
      (says) => ({
        at: '{node}.default{inside}',
        says,
      }),
    ),
    on: ['default'],
    check(node) {
      const value = defaultOf(node);
      if (value === undefined || !hasRules(node.schema) || checkValue(node.schema, value, 'default').length > 0) {
        return nothing;
      }
      return brokenRules(node, value).map(({ path, message }) => ({
        path: below(node.path, 'default'),
        inside: path.slice('default'.length),
        detail: `is refused with \`${path}: ${message.replaceAll('`', "'")}\``,
      }));
    },
  },
];

/** A default that the server looks at: outside of metadata, maps and branches. */
function defaultOf(node: SchemaNode): Json | undefined {
  const isElsewhere = nearestNode(node, (each) => each.role === 'values' || isMetaField(each)) !== undefined;
  return node.nested || isElsewhere ? undefined : (memberAt(node.schema, 'default') ?? undefined);
}

/** As a value that an update leaves, and if that is good, as a new one. */
function brokenRules(node: SchemaNode, value: Json): readonly ValueFinding[] {
  const kept = checkPartRules(node.schema, value, 'default', value).findings;
  return kept.length > 0 ? kept : checkPartRules(node.schema, value, 'default').findings;
}
