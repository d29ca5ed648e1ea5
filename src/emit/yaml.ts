import {
  boolYaml11Tag,
  CORE_SCHEMA,
  constructFromEvents,
  defineScalarTag,
  mergeTag,
  NOT_RESOLVED,
  parseEvents,
  YAMLException,
} from 'js-yaml';
import type { Checked } from '../diagnostics.js';
import type { Json } from '../ir/schema.js';
import { fileProblem } from './problem.js';
import { isCommon, nodeText } from './yaml/layout.js';
import { dumped } from './yaml/scalar.js';

const maxBytes = 16 * 1024 * 1024;
const maxDepth = 128;
const maxAliases = 100;
/** Values of all documents with aliases written out. */
const maxValues = 2_000_000;

/**
 * A document without anchors and line folding, keys sorted by code unit, several lines as a literal block. Members that are
 * undefined are left out. The lines of `header` become comments above it.
 */
export function toYaml(value: Json | object, header?: string): string {
  return comments(header) + dumpDocument(value);
}

/** Documents that each begin with `---`, the comments of `header` above the first. */
export function toYamlDocuments(values: readonly (Json | object)[], header?: string): string {
  return comments(header) + values.map((value) => `---\n${dumpDocument(value)}`).join('');
}

/** Whatever ends a line for some parser ends it here, so that no text leaves its comment. */
function comments(header: string | undefined): string {
  if (header === undefined) return '';
  const lines = header.replace(/\n$/, '').split(/\r\n|[\n\r\x85\u2028\u2029]/);
  return lines.map((line) => `# ${line.replace(/[\p{Cc}\p{Surrogate}\uFEFF]/gu, '')}`.trimEnd() + '\n').join('');
}

/** The same text as js-yaml's for the whole document, which takes four times as long. */
function dumpDocument(value: Json | object): string {
  return isCommon(value) ? `${nodeText(value, 0)}\n` : dumped(value);
}

/** Integers as kubectl reads them: `0644` is octal, `_` separates digits. */
const intTag = defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: [...'-+0123456789'],
  resolve: (source) =>
    /^[-+]?(?:0b[01_]+|0x[0-9a-f_]+|0o[0-7_]+|[0-9][0-9_]*)$/i.test(source) ? integer(source) : NOT_RESOLVED,
  identify: () => false,
});

function integer(source: string): number {
  const digits = source.replaceAll('_', '').replace(/^[-+]/, '').toLowerCase();
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return source.startsWith('-') ? -value : value;
}

/** The merge tag is there to refuse merge keys: with a limit of 0, none passes. */
const schema = CORE_SCHEMA.withTags(intTag, boolYaml11Tag, mergeTag);

/**
 * The documents of a text, empty ones left out; scalars as kubectl reads them (`yes` is true). Refused with OG4006 and a position:
 * duplicate keys, merge keys, recursion, more than 16 MiB, 128 levels or 100 aliases in a document.
 */
export function fromYaml(text: string, file: string): Checked<readonly Json[]> {
  if (Buffer.byteLength(text) > maxBytes) return refused(file, new YAMLException('it is longer than 16 MiB'));
  try {
    const events = parseEvents(text, { filename: file, maxDepth });
    const documents = constructFromEvents(events, { source: text, schema, maxAliases, maxTotalMergeKeys: 0 });
    const value = documents.filter((document): document is Json => document !== undefined && document !== null);
    checkValues(value);
    return { value, diagnostics: [] };
  } catch (error) {
    return refused(file, error);
  }
}

const plainReasons = new Map([
  ['merge keys exceeded maxTotalMergeKeys (0)', 'it has a merge key (`<<`)'],
  [`aliases exceeded maxAliases (${maxAliases})`, `it has more than ${maxAliases} aliases`],
  [`nesting exceeded maxDepth (${maxDepth})`, `it is nested more than ${maxDepth} levels deep`],
  ['duplicated mapping key', 'a key is there twice'],
]);

function refused(file: string, error: unknown): Checked<readonly Json[]> {
  const { reason, mark } = error instanceof YAMLException ? error : { reason: String(error), mark: undefined };
  const problem = fileProblem(file, 'be YAML that opgen reads', plainReasons.get(reason) ?? reason);
  const at = mark && { file, line: mark.line + 1, column: mark.column + 1 };
  return { value: [], diagnostics: [{ ...problem, ...(at && { at }) }] };
}

interface Measure {
  readonly size: number;
  readonly height: number;
}

/** Aliases are shared objects: few of them make a value that is huge, deep or endless for those who walk it. */
function checkValues(documents: readonly Json[]): void {
  const known = new Map<object, Measure | 'open'>();
  const measure = (value: Json, depth: number): Measure => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new YAMLException('a number in it is not finite');
    if (typeof value !== 'object' || value === null) return { size: 1, height: 0 };
    const earlier = known.get(value);
    if (earlier === 'open') throw new YAMLException('an alias in it contains itself');
    if (depth + (earlier?.height ?? 0) > maxDepth)
      throw new YAMLException(`it is nested more than ${maxDepth} levels deep`);
    if (earlier) return earlier;
    known.set(value, 'open');
    const measured = sum(Object.values(value).map((each: Json) => measure(each, depth + 1)));
    known.set(value, measured);
    return measured;
  };
  sum(documents.map((document) => measure(document, 1)));
}

function sum(parts: readonly Measure[]): Measure {
  const size = parts.reduce((total, part) => total + part.size, 1);
  const height = parts.reduce((highest, part) => Math.max(highest, part.height + 1), 1);
  if (size > maxValues)
    throw new YAMLException(`it has more than ${maxValues} values when its aliases are written out`);
  return { size, height };
}
