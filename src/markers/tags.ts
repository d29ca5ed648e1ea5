import type { Arg } from '../ir/marker.js';
import type { CelRule, Json } from '../ir/schema.js';
import { closingBrace } from './braces.js';
import { arg, parseJson, quotedText } from './define.js';

/** What tags take where it is not the grammar of markers. */
export const tagArg = {
  /** A flag: nothing means true. */
  flag: (): Arg<boolean> => ({
    ...arg.boolean(),
    optional: true,
    parse: (text) => (text.trim() === '' ? { value: true } : arg.boolean().parse(text)),
  }),
  /** Raw text; a star and a slash, which would end the comment, have a backslash between them. */
  pattern: (): Arg<string> => ({
    ...arg.raw(),
    parse: (text) => arg.raw().parse(text.replaceAll('*\\/', '*/')),
  }),
  /** JSON, or one bare word that is taken for a string. */
  jsonOrWord: (): Arg<Json> => ({
    type: 'JSON or a word',
    optional: false,
    parse: (text) => parseJson(text) ?? parseWord(text.trim()),
  }),
  /** JSON, or any other text as a string. */
  jsonOrText: (): Arg<Json> => ({
    type: 'JSON or text',
    optional: false,
    parse: (text) => parseJson(text) ?? arg.raw().parse(text),
  }),
  /** `{expression} message`. */
  rule: (): Arg<CelRule> => ({ type: '{expression} message', optional: false, parse: parseRule }),
} as const;

function parseWord(text: string): ReturnType<Arg<Json>['parse']> {
  if (/^[^\s"'`{}[\],]+$/.test(text)) return { value: text };
  if (text === '') return { expected: 'JSON or one bare word, but there is none' };
  const meant = quotedText(text);
  return { expected: `JSON or one bare word, but got \`${text}\``, ...(meant !== undefined && { meant }) };
}

function parseRule(text: string): ReturnType<Arg<CelRule>['parse']> {
  const start = text.length - text.trimStart().length;
  if (text[start] !== '{') return { expected: `\`{expression} message\`, but got \`${text.trim()}\``, offset: start };
  const end = closingBrace(text, start);
  if (end === undefined) return { expected: 'braces that balance, but the last one is missing', offset: start };
  const rule = oneLine(text.slice(start + 1, end));
  if (rule === '') return { expected: 'an expression between the braces, but there is none', offset: start };
  const message = oneLine(text.slice(end + 1));
  return { value: message === '' ? { rule } : { rule, message } };
}

/** The API server wants a message for a rule with line breaks; a tag has none in its text. */
const oneLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
