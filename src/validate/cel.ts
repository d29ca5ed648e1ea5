import type { Json } from '../ir/schema.js';
import { listAt, memberAt, show, stringAt } from '../json.js';
import { answers } from './answers.js';
import { followFieldPath } from './fieldpath.js';
import type { Finding, SchemaRule } from './rule.js';
import { below } from './rule.js';
import type { SchemaNode } from './walk.js';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];
const lineBreak = /[\n\r]/;

/** The text around CEL: the expressions themselves are neither parsed nor priced. */
export const celRules: readonly SchemaRule[] = [
  {
    id: 'CE1',
    claim: 'A validation rule has an expression',
    hint: 'write +kubebuilder:validation:XValidation:rule="self.min <= self.max"',
    server: answers.CE1,
    ...textRule('rule', (rule) =>
      (stringAt(rule, 'rule') ?? '').trim() === '' ? `is ${show(memberAt(rule, 'rule'))}` : undefined,
    ),
  },
  {
    id: 'CE2',
    claim: 'The message of a validation rule is one line of text',
    hint: 'write a sentence without line breaks, or leave the message out',
    server: answers.CE2,
    ...textRule('message', (rule) => {
      const message = stringAt(rule, 'message') ?? '';
      if (message === '' || (message.trim() !== '' && !lineBreak.test(message.trim()))) return undefined;
      return `is ${show(message)}`;
    }),
  },
  {
    id: 'CE3',
    claim: 'A validation rule of several lines has a message',
    hint: 'add message="…" to the rule',
    server: answers.CE3,
    ...textRule('message', (rule) => {
      const blank = (stringAt(rule, 'message') ?? '') === '';
      return blank && lineBreak.test((stringAt(rule, 'rule') ?? '').trim()) ? 'is missing' : undefined;
    }),
  },
  {
    id: 'CE4',
    claim: 'A message expression is not blank',
    hint: 'write an expression that gives a string, or leave messageExpression out',
    server: answers.CE4,
    ...textRule('messageExpression', (rule) => {
      const text = stringAt(rule, 'messageExpression') ?? '';
      return text !== '' && text.trim() === '' ? `is ${show(text)}` : undefined;
    }),
  },
  {
    id: 'CE5',
    claim: 'A reason is FieldValueRequired, FieldValueForbidden, FieldValueInvalid or FieldValueDuplicate',
    hint: 'write reason=FieldValueInvalid, or leave the reason out',
    server: answers.CE5,
    ...textRule('reason', (rule) => {
      const reason = memberAt(rule, 'reason') ?? undefined;
      return reason === undefined || reasons.includes(reason as string) ? undefined : `is ${show(reason)}`;
    }),
  },
  {
    id: 'CE6',
    claim: 'The field path of a validation rule leads from the node to one of its fields',
    hint: 'write fieldPath=".field" or fieldPath=".map[\'key\']", relative to the node of the rule',
    server: answers.CE6,
    ...textRule('fieldPath', (rule, { schema }) => {
      const text = stringAt(rule, 'fieldPath') ?? '';
      if (text === '') return undefined;
      const found = followFieldPath(schema, text, true);
      return 'problem' in found ? `is ${show(text)}, which ${found.problem}` : undefined;
    }),
  },
  {
    id: 'CE7',
    claim: '`optionalOldSelf` goes with a rule that uses `oldSelf`',
    hint: 'remove optionalOldSelf',
    server: answers.CE7,
    ...textRule('optionalOldSelf', (rule) => {
      const given = (memberAt(rule, 'optionalOldSelf') ?? undefined) !== undefined;
      return given && !usesOldSelf(stringAt(rule, 'rule') ?? '') ? 'is set' : undefined;
    }),
  },
];

/** A check of each entry of x-kubernetes-validations that blames its `key`. */
function textRule(
  key: string,
  problem: (rule: Json, node: SchemaNode) => string | undefined,
): Pick<SchemaRule, 'on' | 'check'> {
  return {
    on: ['x-kubernetes-validations'],
    check: (node, keyword) =>
      listAt(node.schema, keyword).flatMap((rule, index): readonly Finding[] => {
        const detail = problem(rule, node);
        return detail === undefined ? [] : [{ path: below(node.path, keyword, index, key), detail }];
      }),
  };
}

/** Whether the identifier stands outside of string literals, comments and selections such as `self.oldSelf`. */
export function usesOldSelf(rule: string): boolean {
  const code = rule.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\/.*/g, '""');
  return /(?<![\w.])oldSelf(?!\w)/.test(code);
}
