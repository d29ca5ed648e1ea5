import { CORE_SCHEMA, DEFAULT_SCALAR_STYLE_RULES as defaults, dump, SCALAR_STYLE, type ScalarLayout } from 'js-yaml';
import { type Diagnostic, Refusal } from '../../diagnostics.js';

/** A document as js-yaml lays it out, with opgen's rules for scalars. */
export const dumped = (value: unknown): string =>
  dump(value, { noRefs: true, lineWidth: -1, sortKeys: true, scalarStyleRules });

const scalars = new Map<unknown, string>();
const keys = new Map<string, string>();

/** Words and sentences that are plain without a doubt: most of what is in a manifest. js-yaml decides about all others. */
const plain = /^[A-Za-z](?:[\w ,.;()'"`/<>=+*@$%&!?|~^[\]{}\\-]*[\w,.;()'"`/<>=+*@$%&!?|~^[\]{}\\-])?$/;

const isPlain = (value: unknown): value is string =>
  typeof value === 'string' && plain.test(value) && !ambiguous.test(value);

/** A scalar as an item of a list at the outermost level; further lines of a block are indented by 2. Manifests repeat most of theirs. */
export function scalarText(value: unknown): string {
  if (isPlain(value)) return value;
  let text = scalars.get(value);
  if (text === undefined) {
    text = dumped([value]).slice('- '.length, -1);
    scalars.set(value, text);
  }
  return text;
}

/** A key with its colon. */
export function keyText(key: string): string {
  if (isPlain(key)) return `${key}:`;
  let text = keys.get(key);
  if (text === undefined) {
    text = dumped({ [key]: 0 }).slice(0, -' 0\n'.length);
    keys.set(key, text);
  }
  return text;
}

const scalarStyleRules = [
  quoteInvisible,
  defaults.doubleQuoteWhitespaceOnly,
  defaults.tryLongOrMultilineAsBlock,
  quoteAmbiguous,
  defaults.quoteInvalidPlain,
  defaults.fallbackToDoubleQuoted,
];

/** Characters that are white space, breaks or nothing to some parser; tabs stay in a block, except where its indentation is found. */
const invisible = /[\x7F-\xA0\u2028\u2029\uFEFF\uFFFE\uFFFF\p{Surrogate}]|^[^\n]*\t[^\n]*$|^\n*\t/u;

function quoteInvisible(layout: ScalarLayout): void {
  const { value } = layout.node;
  // Parsers disagree about the indentation indicator that such a block would need at the root of a document.
  const indented = layout.parent === null && /^\n* /.test(value);
  if (!indented && !invisible.test(value)) return;
  if (/\p{Surrogate}/u.test(value)) throw new Refusal(halfPair(value));
  layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
}

function halfPair(value: string): Diagnostic {
  const message = `A text must be writable as UTF-8, but ${JSON.stringify(value)} holds half a surrogate pair`;
  return { code: 'OG4006', severity: 'error', message };
}

/** What YAML 1.1, YAML 1.2 or one of their parsers reads as something else than a string. */
const ambiguous = new RegExp(
  `^(?:${[
    '(?:---|\\.\\.\\.).*',
    '~|null|true|false|y|n|yes|no|on|off|=|<<',
    '[-+]?0_*[xob][0-9a-f_.p+-]*',
    '(?=[-+.0-9])[-+]?[0-9_,]*\\.?[0-9_]*(?:e[-+]?[0-9_]*)?',
    '[-+]?[0-9][0-9_]*(?::[0-9_]+)+(?:\\.[0-9_]*)?',
    'e[-+]?[0-9]+',
    '[-+]?\\.(?:inf|nan)',
    '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t \\t].*)?',
  ].join('|')})$`,
  'i',
);

function quoteAmbiguous(layout: ScalarLayout): void {
  const { node } = layout;
  if (layout.style !== SCALAR_STYLE.PLAIN || node.tag !== CORE_SCHEMA.defaultScalarTag.tagName) return;
  if (ambiguous.test(node.value)) layout.style = SCALAR_STYLE.SINGLE_QUOTED;
}
