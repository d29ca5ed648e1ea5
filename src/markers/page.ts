import type { MarkerDef, NamedArg } from '../ir/marker.js';
import { elementNames, otherNames, places } from './help.js';
import { families } from './registry.js';
import { unsupported } from './unsupported.js';

/** The reference of all markers in Markdown. */
export function markersMarkdown(): string {
  const sections = families.map(({ title, markers }) => [`## ${title}`, '', ...markers.flatMap(entry)].join('\n'));
  return `${[introduction, ...sections, withoutEffect()].join('\n').trimEnd()}\n`;
}

const introduction = `# Markers

Made by \`npm run docs\` from the registry. \`opgen markers\` prints the list, \`opgen markers NAME\` one entry.

A marker is a line \`+name\` in a \`//\` or \`/** */\` comment above a kind, type or property, or a JSDoc tag in a \`/** */\` comment; \`@kubebuilder:x\` is \`+kubebuilder:x\`. It
belongs to what follows its comment, and so do the markers of the block before that comment, with a blank line between. Markers of a file may stand in any comment of the directory, those
for RBAC and webhooks in any comment of the sources: above a function, in a class, at the end of a file. A marker in a \`/* */\` comment is text.

## How values are written

| value | in a marker |
|---|---|
| string | \`"…"\` with the escapes of Go, \`\` \`…\` \`\` as it stands, or bare text up to \`,\` \`;\` \`}\` or the end, without the white space around it |
| integer, number | decimal: \`3\`, \`-0.5\`, \`1e3\` |
| true \\| false | these two words |
| list | \`{a,b,c}\` or \`a;b;c\`; a separator at the end is allowed, an empty element is \`""\`; lists of lists are \`{{1,2},{3}}\` or \`{1;2,3}\` |
| map | \`{key: value, "other key": value}\` |
| any | what the text looks like, in this order: a list if a \`;\` follows, a string if it begins with a quote, a map or list if it begins with a brace, \`true\` or \`false\`, a number if nothing else follows it, else a string: \`64Ki\`, \`2031-07-09\` and \`0891\` are strings. A list has the type of its first element |
| arguments | \`name=value\`, separated by commas, in any order: \`+kubebuilder:printcolumn:name=Size,type=integer,JSONPath=.spec.size\`. One that stands twice is a warning, and the last one counts |

The value of a tag runs to the end of its line or to the next tag of opgen behind white space; several tags may share a line. The braces of \`@rule\`, \`@default\` and \`@example\` may close
in a later line. \`@default\` is JSON, or a bare word for a string; \`@pattern\` is raw text, with \`*\\/\` for \`*/\`; below \`@example\` alone stands code for readers.

## Elements

\`+kubebuilder:validation:items:X\` constrains the elements of a list. Tags reach elements and the values of maps at any depth, mixed too: \`@items.pattern\`, \`@items.items.minimum\`,
\`@values.maxLength\`, \`@items.values.pattern\`.

## Order and conflicts

Of one comment, first the markers apply that say what the node is (Schemaless and \`@json\`, then Type and XIntOrString, then the others), then those that constrain it, then CEL rules: in source
order, with AtMostOneOf, ExactlyOneOf and AtLeastOneOf behind the others. The markers of a type apply before those of a property that has it, and what a property says replaces what its
type says; the rules of the property come first. Two markers of one comment that say different things are reported, and so are limits that leave no value. A marker that does not fit its
type is an error.

An unknown or misplaced marker under \`kubebuilder:\`, \`k8s:\`, \`opgen:\` and \`operator-sdk:\` is an error that names the nearest one. Markers and tags of other tools pass; one that is nearly
opgen's is a warning. \`opgen:scaffold:…\` and \`kubebuilder:scaffold:…\` are anchors and mean nothing else.
`;

function entry(def: MarkerDef<unknown>): readonly string[] {
  const others = code(otherNames(def));
  const elements = code(elementNames(def));
  return [
    `### \`+${def.name}\``,
    '',
    def.summary,
    '',
    `- Stands on: ${places(def)}${def.repeatable ? '; may be repeated' : ''}`,
    ...(others ? [`- Also: ${others}`] : []),
    ...(elements ? [`- Of elements: ${elements}`] : []),
    ...valueLines(def),
    '',
    '```',
    def.example,
    ...(def.tag ? [def.tag.example] : []),
    '```',
    '',
  ];
}

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

function valueLines({ args, tag }: MarkerDef<unknown>): readonly string[] {
  const ofTag =
    tag?.args && tag.args.type !== args.type && tag.args.type !== '' ? [`- Value of the tag: ${tag.args.type}`] : [];
  if (args.fields) return [...ofTag, '', ...argumentTable(args.fields)];
  return args.type === '' ? ofTag : [`- Value: ${args.type}`, ...ofTag];
}

function argumentTable(fields: readonly NamedArg[]): readonly string[] {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const row = ({ name, type, optional, about = '' }: NamedArg): string =>
    `| \`${name}\` | ${cell(type)} | ${optional ? '' : 'required'} | ${cell(about)} |`;
  return ['| argument | value | | |', '|---|---|---|---|', ...fields.map(row)];
}

/** Names under owned prefixes that are known, and refused with the reason. */
function withoutEffect(): string {
  const rows = unsupported.map(
    ({ names, because, hint }) => `| ${code(names.map((name) => `+${name}`))} | ${because} | ${hint} |`,
  );
  return ['## Known, and refused', '', '| marker | because | instead |', '|---|---|---|', ...rows, ''].join('\n');
}
