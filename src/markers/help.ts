import type { MarkerDef } from '../ir/marker.js';
import { families, findMarker, findTag, markers } from './registry.js';

const targetNames = { package: 'a file', type: 'a type', field: 'a property' } as const;

function places(def: MarkerDef<unknown>): string {
  const names = def.targets.map((target) => (target === 'type' && def.kindOnly ? 'a kind' : targetNames[target]));
  return [...names, ...(def.elements ? ['elements'] : [])].join(', ');
}

/** What is typed: the name and the names or types of its arguments. */
function usage({ name, args }: MarkerDef<unknown>): string {
  if (args.type === '') return `+${name}`;
  if (!args.fields) return `+${name}=<${args.type}>`;
  return `+${name}${args.optional ? '[' : ''}:${args.fields.map((field) => field.name + (field.optional ? '?' : '')).join(',')}${args.optional ? ']' : ''}`;
}

function otherNames(def: MarkerDef<unknown>): readonly string[] {
  return [...(def.aliases ?? []).map((alias) => `+${alias}`), ...(def.tag ? [`@${def.tag.name}`] : [])];
}

function elementNames({ name, tag }: MarkerDef<unknown>): string {
  const forItems = name.startsWith('kubebuilder:validation:')
    ? [`+${name.replace('validation:', 'validation:items:')}`]
    : [];
  return [...forItems, ...(tag ? [`@items.${tag.name}`, `@values.${tag.name}`] : [])].join(', ');
}

/** The reference of one marker; `name` with or without `+` or `@`, an alias, a tag, or the last part of a name. Nothing if there is none. */
export function markerHelp(name: string): string | undefined {
  const bare = name.replace(/^[+@]/, '');
  const def =
    (name.startsWith('@') ? findTag(bare) : undefined) ?? findMarker(bare) ?? findTag(bare) ?? findByLastPart(bare);
  return def && describe(def);
}

const findByLastPart = (part: string): MarkerDef<unknown> | undefined =>
  markers.find((def) => def.name.slice(def.name.lastIndexOf(':') + 1).toLowerCase() === part.toLowerCase());

function describe(def: MarkerDef<unknown>): string {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['also', otherNames(def).join(', ') || undefined],
    ['on', places(def)],
    ['elements', def.elements ? elementNames(def) || undefined : undefined],
    ['repeats', def.repeatable ? 'yes' : undefined],
    ['example', def.example],
    ['tag', def.tag?.example],
  ];
  const lines = facts.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label.padEnd(9)} ${text}`]));
  return [usage(def), '', `  ${def.summary}`, '', ...lines, ...argumentLines(def), ''].join('\n');
}

function argumentLines({ args }: MarkerDef<unknown>): readonly string[] {
  if (!args.fields) return [];
  const width = Math.max(...args.fields.map((field) => field.name.length));
  return [
    '',
    '  arguments',
    ...args.fields.map(
      (field) => `    ${field.name.padEnd(width)}  ${field.type}${field.optional ? '' : ', required'}`,
    ),
  ];
}

/** All markers by subject, one line each. */
export function markerTable(): string {
  const width = Math.max(...markers.map((def) => def.name.length + 1));
  const tagWidth = Math.max(...markers.map((def) => (def.tag?.name.length ?? 0) + 1));
  const row = (def: MarkerDef<unknown>) =>
    `  ${`+${def.name}`.padEnd(width)}  ${(def.tag ? `@${def.tag.name}` : '').padEnd(tagWidth)}  ${def.summary}`;
  return families.map(({ title, markers }) => [title, ...markers.map(row), ''].join('\n')).join('\n');
}

/** The reference of all markers in Markdown. */
export function markersMarkdown(): string {
  const sections = families.map(({ title, markers }) =>
    [`## ${title}`, '', ...markers.flatMap(markdownEntry)].join('\n'),
  );
  return `${['# Markers', '', introduction, '', ...sections].join('\n').trimEnd()}\n`;
}

const introduction = `A marker is a line \`+name\` in a comment above a kind, type or property, or a JSDoc tag. Elements of lists and values of maps are reached
with \`items\` and \`values\`: \`+kubebuilder:validation:items:Pattern\`, \`@items.pattern\`, \`@items.items.minimum\`, \`@values.maxLength\`.`;

function markdownEntry(def: MarkerDef<unknown>): readonly string[] {
  const others = otherNames(def).map((name) => `\`${name}\``);
  return [
    `### \`+${def.name}\``,
    '',
    def.summary,
    '',
    `- Stands on: ${places(def)}${def.repeatable ? '; may be repeated' : ''}`,
    ...(others.length > 0 ? [`- Also: ${others.join(', ')}`] : []),
    ...markdownArguments(def),
    '',
    '```',
    def.example,
    ...(def.tag ? [def.tag.example] : []),
    '```',
    '',
  ];
}

function markdownArguments({ args }: MarkerDef<unknown>): readonly string[] {
  if (args.type === '') return [];
  if (!args.fields) return [`- Value: ${args.type}`];
  return [
    '- Arguments:',
    ...args.fields.map(({ name, type, optional }) => `  - \`${name}\`: ${type}${optional ? '' : ' (required)'}`),
  ];
}
