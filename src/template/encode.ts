import { InternalError } from '../diagnostics.js';

declare const brand: unique symbol;

/** Text that is safe in the context that its encoder names. Only this file makes it. */
export type Encoded = string & { readonly [brand]: true };

const safe = (text: string): Encoded => text as Encoded;

const reserved = new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally for function if
  implements import in instanceof interface let new null package private protected public return static super switch this throw true try
  typeof var void while with yield`.split(/\s+/),
);

/** A TypeScript identifier; anything else is a bug of the caller, who has to check names before. */
export function identifier(name: string): Encoded {
  if (!/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) || reserved.has(name)) throw unsafe('an identifier', name);
  return safe(name);
}

/** A TypeScript string literal with its quotes, safe inside a script element, too. */
export function tsString(value: string): Encoded {
  return safe(escaped(value).replaceAll('</', '<\\/'));
}

/** A TypeScript string literal in single quotes, or in double quotes where these need fewer escapes: what the formatter makes of it. */
export function quoted(value: string): Encoded {
  const count = (quote: string): number => value.split(quote).length - 1;
  const literal = tsString(value);
  if (count("'") > count('"')) return literal;
  return safe(`'${literal.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`);
}

/** A JSON string with its quotes. */
export function json(value: string): Encoded {
  return safe(escaped(value));
}

/** The inside of one line of a comment, `//` or block: neither breaks the line, ends the comment nor has a unicode escape. */
export function comment(text: string): Encoded {
  const line = text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').replace(/\\+u/g, 'u');
  return safe(line.replaceAll('*/', '*\\/').replace(/^\//, '\\/'));
}

/** A YAML scalar that is this string under YAML 1.1 and 1.2: plain where that is certain, else in double quotes. */
export function yaml(value: string): Encoded {
  const word = /^(y|n|yes|no|on|off|true|false|null)$/i.test(value);
  return safe(!word && /^(\.\.\/)*[a-z][a-z0-9_./-]*$/i.test(value) ? value : escaped(value));
}

/** Part of a line in a Makefile. Line breaks and a backslash at the end, which continues the line, are bugs of the caller. */
export function make(text: string): Encoded {
  if (/[\r\n\0]|\\$/.test(text)) throw unsafe('part of a line in a Makefile', text);
  return safe(text.replaceAll('$', '$$$$').replace(/(\\*)#/g, '$1$1\\#'));
}

/** A relative path with forward slashes that every platform can write inside the project. */
export function path(value: string): Encoded {
  if (!value.split('/').every(isSegment)) throw unsafe('a path', value);
  return safe(value);
}

/** Text in a line of Markdown that is shown as it is. Names of Kubernetes come through unchanged, so they fit into code spans, too. */
export function text(value: string): Encoded {
  const line = value.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/[\\`*_[\]|~]/g, '\\$&');
  const html = line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return safe(html.replace(/^(\s*)([-+#=])/, '$1\\$2').replace(/^(\s*[0-9]+)([.)])(?=\s|$)/, '$1\\$2'));
}

/** JSON with escapes for what YAML, JavaScript or a terminal takes for a line break or a control character. */
function escaped(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g,
    unicode,
  );
}

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function isSegment(segment: string): boolean {
  const device = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i.test(segment);
  return !device && segment.length <= 255 && /^[^\p{Cc}\p{Cs}\\:*?"<>|]*[^\p{Cc}\p{Cs}\\:*?"<>|. ]$/u.test(segment);
}

function unsafe(what: string, value: string): InternalError {
  return new InternalError(`A template needs ${what}, but got ${JSON.stringify(value)}`);
}
