import type { Json } from '../../ir/schema.js';
import { isObject, type JsonObject } from '../../json.js';
import { isLabelValue, isQualifiedName } from '../../text/dns.js';
import type { Finding } from './check.js';

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** What the API server would refuse in a label selector; `subject` is its name. */
export function selectorFindings(selector: Json | undefined, subject: string): readonly Finding[] {
  if (!isObject(selector)) return [];
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return [
    ...Object.entries(isObject(matchLabels) ? matchLabels : {}).flatMap(([key, value]) => [
      ...keyFindings(key, subject),
      ...valueFindings([value], subject),
    ]),
    ...(Array.isArray(matchExpressions) ? matchExpressions : []).flatMap((each: Json) =>
      isObject(each) ? expressionFindings(each, subject) : [],
    ),
  ];
}

function expressionFindings({ key, operator, values = [] }: JsonObject, subject: string): readonly Finding[] {
  const list = Array.isArray(values) ? values : [];
  const isKnown = typeof operator === 'string' && operators.includes(operator);
  const wants = operator === 'In' || operator === 'NotIn';
  const found: Finding[] = [...keyFindings(key, subject), ...valueFindings(list, subject)];
  if (!isKnown)
    found.push({
      says: `must have operators of label selectors in \`${subject}\`, but ${operator === undefined ? 'one is missing' : `one is \`${String(operator)}\``}`,
      hint: `write one of ${operators.map((each) => `\`${each}\``).join(', ')}`,
    });
  else if (wants !== list.length > 0)
    found.push({
      says: `must have values beside \`In\` and \`NotIn\` of \`${subject}\` and nowhere else, but \`${operator}\` has ${list.length === 0 ? 'none' : 'some'}`,
      hint: wants ? 'write `values: {a, b}`' : 'remove `values`',
    });
  return found;
}

function keyFindings(key: Json | undefined, subject: string): readonly Finding[] {
  if (typeof key === 'string' && isQualifiedName(key)) return [];
  const fact = key === undefined ? 'one is missing' : `one is \`${String(key)}\``;
  return [
    { says: `must have keys of labels in \`${subject}\`, but ${fact}`, hint: 'write it as in `example.com/team`' },
  ];
}

function valueFindings(values: readonly Json[], subject: string): readonly Finding[] {
  return values
    .filter((value) => typeof value === 'string' && !isLabelValue(value))
    .map((value) => ({
      says: `must have values of labels in \`${subject}\`, but one is \`${String(value)}\``,
      hint: 'use at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends',
    }));
}
