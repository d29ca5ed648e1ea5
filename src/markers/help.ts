import type { MarkerDef, NamedArg } from '../ir/marker.js';
import { nearest } from '../nearest.js';
import { families, findMarker, findTag, markerNames, markers, tagNames } from './registry.js';
import { suggestMarker } from './suggest.js';
import { findUnsupported } from './unsupported.js';

type Def = MarkerDef<unknown>;

const targetNames = { package: 'a file', type: 'a type', field: 'a property' } as const;

/** Where a marker may stand, for people. */
export function places(def: Def): string {
  const names = def.targets.map((target) => (target === 'type' && def.kindOnly ? 'a kind' : targetNames[target]));
  return [...names, ...(def.elements ? ['elements'] : [])].join(', ');
}

/** What is typed: the name and the names or types of its arguments. */
function usage({ name, args }: Def): string {
  if (args.type === '') return `+${name}`;
  if (!args.fields) return `+${name}=<${args.type}>`;
  return `+${name}${args.optional ? '[' : ''}:${args.fields.map((field) => field.name + (field.optional ? '?' : '')).join(',')}${args.optional ? ']' : ''}`;
}

/** Aliases and the tag of a marker, with their signs. */
export function otherNames(def: Def): readonly string[] {
  return [...(def.aliases ?? []).map((alias) => `+${alias}`), ...(def.tag ? [`@${def.tag.name}`] : [])];
}

/** How the elements of a list and the values of a map are reached, if they are. */
export function elementNames({ name, tag, elements }: Def): readonly string[] {
  if (!elements) return [];
  const forItems = name.startsWith('kubebuilder:validation:')
    ? [`+${name.replace('validation:', 'validation:items:')}`]
    : [];
  return [...forItems, ...(tag ? [`@items.${tag.name}`, `@values.${tag.name}`] : [])];
}

/**
 * The reference of one marker, of all markers under a prefix, or why nothing is generated from it; `name` with or without `+` or `@`, an alias, a
 * tag, a form for elements, or the last part of a name. Nothing if there is none. `columns`: the width of the terminal that shows it.
 */
export function markerHelp(name: string, columns?: number): string | undefined {
  const bare = name.replace(/^[+@]/, '').replace(/[=:].?$/, '');
  const def = findDef(name, bare);
  if (def) return describe(def, columns);
  const under = markers.filter((each) => each.name.startsWith(`${bare}:`));
  if (under.length > 0) return tableOf(under, columns);
  const unsupported = findUnsupported(bare);
  return unsupported && `+${bare} has no effect: ${unsupported.because}. Instead: ${unsupported.hint}.\n`;
}

function findDef(name: string, bare: string): Def | undefined {
  const whole = (name.startsWith('@') ? findTag(bare) : undefined) ?? findMarker(bare) ?? findTag(bare);
  return whole ?? findForElements(bare) ?? findByLastPart(bare);
}

function findForElements(name: string): Def | undefined {
  const tag = /^(?:(?:items|values)\.)+(\w+)$/.exec(name)?.[1];
  const def = tag ? findTag(tag) : findMarker(name.replace('kubebuilder:validation:items:', 'kubebuilder:validation:'));
  return def?.elements ? def : undefined;
}

const findByLastPart = (part: string): Def | undefined =>
  markers.find((def) => def.name.slice(def.name.lastIndexOf(':') + 1).toLowerCase() === part.toLowerCase());

/** The marker or tag that a name without help is nearest to, as it is typed behind `opgen markers`. */
export function nearestName(name: string): string | undefined {
  const bare = name.replace(/^[+@]/, '');
  const tag = nearest(bare, tagNames);
  if (tag !== undefined && !bare.includes(':')) return `@${tag}`;
  return suggestMarker(bare) ?? nearest(bare, markerNames);
}

function describe(def: Def, columns: number | undefined): string {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['also', otherNames(def).join(', ') || undefined],
    ['on', places(def)],
    ['elements', elementNames(def).join(', ') || undefined],
    ['repeats', def.repeatable ? 'yes' : undefined],
    ['example', def.example],
    ['tag', def.tag?.example],
  ];
  const lines = facts.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label.padEnd(9)} ${text}`]));
  const summary = wrap(def.summary, '  ', columns);
  return [usage(def), '', summary, '', ...lines, ...argumentLines(def.args.fields), ''].join('\n');
}

function argumentLines(fields: readonly NamedArg[] | undefined): readonly string[] {
  if (!fields) return [];
  const width = Math.max(...fields.map((field) => field.name.length));
  const line = ({ name, type, optional, about }: NamedArg): string =>
    `    ${name.padEnd(width)}  ${type}${optional ? '' : ', required'}${about ? `: ${about}` : ''}`;
  return ['', '  arguments', ...fields.map(line)];
}

/** All markers by subject: one line each, or names above summaries where a terminal is too narrow for that. */
export function markerTable(columns?: number): string {
  return families.map(({ title, markers }) => `${title}\n${tableOf(markers, columns)}`).join('\n');
}

function tableOf(defs: readonly Def[], columns: number | undefined): string {
  if (columns !== undefined)
    return defs.map((def) => `${names(def)}\n${wrap(def.summary, '      ', columns)}\n`).join('');
  const width = Math.max(...markers.map((def) => def.name.length + 1));
  const tagWidth = Math.max(...markers.map((def) => (def.tag?.name.length ?? 0) + 1));
  const row = (def: Def) =>
    `  ${`+${def.name}`.padEnd(width)}  ${(def.tag ? `@${def.tag.name}` : '').padEnd(tagWidth)}  ${def.summary}\n`;
  return defs.map(row).join('');
}

const names = (def: Def): string => `  ${[`+${def.name}`, ...(def.tag ? [`@${def.tag.name}`] : [])].join('  ')}`;

/** Broken at spaces to the width of a terminal, every line indented; without a width it stays one line. */
function wrap(text: string, indent: string, columns: number | undefined): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const isWide =
      last === undefined || (columns !== undefined && last.length + 1 + word.length > Math.max(columns, 40));
    if (isWide) lines.push(indent + word);
    else lines.splice(-1, 1, `${last} ${word}`);
  }
  return lines.join('\n');
}
