import type { Diagnostic, Position } from '../diagnostics.js';
import type { Arg, Complaint, Marker, MarkerDef } from '../ir/marker.js';
import { nearest } from '../nearest.js';
import { mayGoOn } from './braces.js';
import { findMarker, findTag, tagNames } from './registry.js';
import { nearMarker, nearTag } from './slips.js';
import { elementTag, suggestMarker } from './suggest.js';
import { findUnsupported } from './unsupported.js';

/** A marker or tag as it stands in a comment. */
export interface MarkerText {
  /** Without the leading `+` or `@`, to the end of the line; a tag whose braces are open may have several lines. */
  readonly text: string;
  readonly spelling: '+' | '@';
  /** Of the `+` or `@`. */
  readonly at: Position;
}

/** A marker, what is wrong with it, or nothing for an anchor and for markers and tags of other tools. */
export type Parsed = Marker | Diagnostic | undefined;

const ownedPrefix = /^(kubebuilder|k8s|opgen|operator-sdk):/;

/** Anchors of scaffolds have the form of markers and no meaning of their own. */
const anchor = /^(opgen|kubebuilder):scaffold(:|$)/;

/**
 * Parses a marker in kubebuilder's grammar (`+name:arg=value`, `@kubebuilder:…`) or a JSDoc tag (`@minimum 1`). Unknown names under a
 * prefix of opgen's are errors; so are names without a prefix that differ from a known one in their case alone.
 */
export function parseMarker(raw: MarkerText): Parsed {
  if (anchor.test(raw.text)) return undefined;
  const isTag = raw.spelling === '@' && !ownedPrefix.test(raw.text);
  return isTag ? parseTag(raw) : parseName(raw);
}

function parseName(raw: MarkerText): Parsed {
  const text = raw.text.trimEnd();
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals).trimEnd();
  const found = find(name);
  if (!found) return explainUnknown(raw, name);
  const { def, path, argument } = found;
  const spelled = raw.spelling + (argument === undefined ? name : name.slice(0, name.lastIndexOf(':')));
  const source = { raw, def, args: def.args, spelled, path };
  if (argument) return finish(source, name.length - argument.length, text.length);
  if (equals < 0) return finishBare(source, name.length);
  if (def.args.fields)
    return wrong(source, {
      expected: `its arguments behind a colon, as in \`${def.example}\`, but got \`=\``,
      offset: equals,
    });
  return text.slice(equals + 1).trim() === ''
    ? finishBare(source, text.length)
    : finish(source, equals + 1, text.length);
}

interface Found {
  readonly def: MarkerDef<unknown>;
  readonly path: Marker['path'];
  /** The last segment of the name, if it is no part of the marker's: the name of an argument, or empty as in `X:=v`. */
  readonly argument?: string;
}

/** By the whole name first, then without its last segment. */
function find(name: string): Found | undefined {
  const whole = findWithItems(name);
  if (whole) return whole;
  const colon = name.lastIndexOf(':');
  const parent = colon < 0 ? undefined : findWithItems(name.slice(0, colon));
  const argument = name.slice(colon + 1);
  if (!parent || (argument === '') === (parent.def.args.fields !== undefined)) return undefined;
  return { ...parent, argument };
}

function findWithItems(name: string): Found | undefined {
  const def = findMarker(name.replace(/^kubebuilder:validation:items:/, 'kubebuilder:validation:'));
  if (findMarker(name)) return def && { def, path: undefined };
  return def?.elements ? { def, path: ['items'] } : undefined;
}

interface Source {
  readonly raw: MarkerText;
  readonly def: MarkerDef<unknown>;
  readonly args: Arg<unknown>;
  readonly spelled: string;
  readonly path: Marker['path'];
}

/** The arguments stand between `start` and `end` of the text. */
function finish(source: Source, start: number, end: number): Marker | Diagnostic {
  const { raw, def, args, spelled, path } = source;
  const result = args.parse(raw.text.slice(start, end));
  if ('expected' in result) return wrong(source, shifted(result, start));
  const doubts = result.doubts?.map((each) => ({
    ...wrong(source, shifted(each, start)),
    severity: 'warning' as const,
  }));
  return { def, value: result.value, at: raw.at, spelled, ...(path && { path }), ...(doubts && { doubts }) };
}

const shifted = (complaint: Complaint, start: number): Complaint => ({
  ...complaint,
  offset: start + (complaint.offset ?? 0),
});

function finishBare(source: Source, end: number): Marker | Diagnostic {
  const result = finish(source, end, end);
  return 'code' in result || source.args.optional
    ? result
    : wrong(source, { expected: 'a value, but there is none', offset: end });
}

function wrong({ raw, def, spelled, path }: Source, { expected, offset = 0, meant }: Complaint): Diagnostic {
  const tag = raw.spelling === '@' && !spelled.includes(':') ? def.tag : undefined;
  const sample = path ? undefined : (tag?.example ?? def.example);
  const example = sample === undefined ? undefined : `write it as in \`${sample}\``;
  const another = /\s\+(kubebuilder|k8s|opgen|operator-sdk):/.test(raw.text.slice(offset));
  const correct = meant === undefined ? example : `did you mean \`${meant}\`?`;
  const hint = another ? 'give each marker a line of its own' : correct;
  return {
    code: 'OG2002',
    severity: 'error',
    message: `\`${spelled}\` expects ${expected}`,
    at: positionIn(raw, offset),
    ...(hint !== undefined && { hint }),
  };
}

/** A place behind the first line has the position of the marker: what stands before it on its line is not known. */
function positionIn(raw: MarkerText, offset: number): Position {
  const isFirstLine = !raw.text.slice(0, offset).includes('\n');
  return isFirstLine ? { ...raw.at, column: raw.at.column + 1 + offset } : raw.at;
}

function explainUnknown(raw: MarkerText, name: string): Diagnostic | undefined {
  const word = /^[\w:.-]*\w/.exec(name)?.[0] ?? '';
  const known = word === name ? undefined : find(word);
  if (known && known.argument === undefined) return explainRest(raw, known, word);
  if (!ownedPrefix.test(name)) return explainForeign(raw, name);
  const reason = findUnsupported(word);
  if (!reason) return unknown(raw, word, elementTag(word) ?? spelledOut(raw, suggestMarker(word)));
  const message = `\`${raw.spelling}${word}\` must be a marker with an effect, but ${reason.because}`;
  return { code: 'OG2006', severity: 'error', message, at: raw.at, hint: reason.hint };
}

/** `+optional if …`, `+required: x`: a marker that something follows is none to controller-gen, which says nothing. */
function explainRest(raw: MarkerText, { def, path }: Found, word: string): Diagnostic {
  const rest = raw.text.slice(word.length).trim();
  const expected = def.args.optional ? 'nothing' : def.args.fields ? 'a colon and its arguments' : '`=` and a value';
  const source = { raw, def, args: def.args, spelled: raw.spelling + word, path };
  return wrong(source, { expected: `${expected} behind its name, but got \`${rest}\``, offset: word.length });
}

/** A name without a prefix of opgen's: other tools' markers pass. One that is known in other letters is an error, a slip of one a warning. */
function explainForeign(raw: MarkerText, name: string): Diagnostic | undefined {
  const meant = suggestMarker(name);
  if (meant !== undefined && meant !== name && meant.toLowerCase() === name.toLowerCase())
    return unknown(raw, name, raw.spelling + meant);
  const near = nearMarker(name, raw.spelling);
  return near === undefined ? undefined : { ...unknown(raw, name, near), severity: 'warning' };
}

const spelledOut = (raw: MarkerText, name: string | undefined): string | undefined => name && raw.spelling + name;

function unknown(raw: MarkerText, name: string, meant: string | undefined): Diagnostic {
  const hint = meant === undefined ? '`opgen markers` lists them all' : `did you mean \`${meant}\`?`;
  const message = `\`${raw.spelling}${name}\` must be a marker that opgen knows, but there is none of that name`;
  return { code: 'OG2001', severity: 'error', message, at: raw.at, hint };
}

const tagName = /^((?:(?:items|values)\.)*)([A-Za-z][\w-]*)(?=[\s={]|$)/;

function parseTag(raw: MarkerText): Parsed {
  const match = tagName.exec(raw.text);
  if (!match) return /^[\w-]+:/.test(raw.text) ? explainForeign(raw, /^[^\s=]*/.exec(raw.text)![0]) : undefined;
  const [all, steps, name] = match as unknown as [string, string, string];
  const def = findTag(name);
  const isTag = def !== undefined && (steps === '' || def.elements === true);
  if (!isTag) return explainTag(raw, steps, name);
  const source = tagSource(raw, def, all, steps);
  const end = mayGoOn(name) ? raw.text.length : lineEnd(raw.text);
  if (isExampleBlock(raw.text.slice(0, end))) return undefined;
  if (raw.text[all.length] === '=')
    return wrong(source, { expected: 'a space before its value, but got `=`', offset: all.length });
  return end === all.length ? finishBare(source, end) : finish(source, all.length, end);
}

/** The definition as the tag sees it: with its own arguments and places. */
function tagSource(raw: MarkerText, def: MarkerDef<unknown>, spelled: string, steps: string): Source {
  const path = steps === '' ? undefined : (steps.slice(0, -1).split('.') as ('items' | 'values')[]);
  const { args = def.args, targets } = def.tag!;
  return { raw, def: targets ? { ...def, targets } : def, args, spelled: `@${spelled}`, path };
}

const lineEnd = (text: string): number => (text.includes('\n') ? text.indexOf('\n') : text.length);

/** TSDoc has code below `@example`, which is no value. `text`: what stands behind the `@`. */
export const isExampleBlock = (text: string): boolean => /^example\s*($|```|<caption>)/.test(text);

/** Tags of other tools pass, but not under `items.` and `values.`, not one of opgen's in another case, and not in silence if it is a slip of one. */
function explainTag(raw: MarkerText, steps: string, name: string): Diagnostic | undefined {
  const sameLetters = tagNames.find((each) => each.toLowerCase() === name.toLowerCase());
  if (steps === '' && sameLetters !== undefined) return unknown(raw, name, `@${sameLetters}`);
  if (steps !== '') {
    const meant = nearest(
      name,
      tagNames.filter((each) => findTag(each)?.elements),
    );
    return unknown(raw, steps + name, meant && `@${steps}${meant}`);
  }
  const near = nearTag(name);
  return near === undefined ? undefined : { ...unknown(raw, name, `@${near}`), severity: 'warning' };
}
