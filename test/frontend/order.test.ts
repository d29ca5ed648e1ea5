import fc from 'fast-check';
import { ts } from 'ts-morph';
import { expect, test } from 'vitest';
import { fidelityCases, sourcesOf } from '../../scripts/fidelity/cases.js';
import { allCases, manifestsOf, type Sources } from './sources.js';

/** Parts of a text that may change places. */
type Parts = readonly { readonly start: number; readonly end: number }[];

/** The statements of a file, or the members of one of its interfaces and object types; each with the comments before it. */
function partsOf(file: ts.SourceFile): readonly Parts[] {
  const found: Parts[] = [];
  const add = (nodes: readonly ts.Node[]) =>
    void found.push(nodes.map((node) => ({ start: node.getFullStart(), end: node.end })));
  const visit = (node: ts.Node): void => {
    if (ts.isSourceFile(node)) add(node.statements);
    if (ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node) || ts.isClassDeclaration(node)) add(node.members);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found.filter((parts) => parts.length > 1);
}

/** A number per draw, so that one arbitrary orders everything. */
type Draw = (limit: number) => number;

function shuffled<T>(values: readonly T[], draw: Draw): readonly T[] {
  const rest = [...values];
  return values.map(() => rest.splice(draw(rest.length), 1)[0]!);
}

/** Shuffles the outer and then, in the new text, each of the inner lists. */
function reorder(text: string, draw: Draw): string {
  const count = partsOf(parse(text)).length;
  let result = text;
  for (let index = 0; index < count; index++) result = shuffleParts(result, partsOf(parse(result))[index]!, draw);
  return result;
}

const parse = (text: string): ts.SourceFile => ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);

function shuffleParts(text: string, parts: Parts, draw: Draw): string {
  const pieces = shuffled(parts, draw).map(({ start, end }) => separated(text.slice(start, end)));
  return `${text.slice(0, parts[0]!.start)}${pieces.join('')}${text.slice(parts.at(-1)!.end)}`;
}

/** Members of one line end without a semicolon and begin without white space. */
function separated(piece: string): string {
  const ended = /[;,}]$/.test(piece) ? piece : `${piece};`;
  return /^\s/.test(ended) ? ended : `\n${ended}`;
}

const draws = (seed: readonly number[]): Draw => {
  let index = 0;
  return (limit) => seed[index++ % seed.length]! % limit;
};

/** The order of rules is theirs; that of rules which members put on their object follows the members. */
const sortedRules = (text: string): string =>
  text.replace(/^( *)x-kubernetes-validations:\n((?:\1 .*\n)+)/gm, (_, indent, body) =>
    [
      `${indent}x-kubernetes-validations:`,
      ...body
        .trimEnd()
        .split(/\n(?= *- )/)
        .sort(),
      '',
    ].join('\n'),
  );

const normal = (manifests: Record<string, string> | undefined) =>
  manifests && Object.fromEntries(Object.entries(manifests).map(([path, text]) => [path, sortedRules(text)]));

/** `keyof` makes an enum of the names of members, and enums in several parts one of all of them, in their order. */
const excluded = [
  'crds/classes-enums-and-merged-declarations',
  'crds/enums-keep-the-order-of-the-source',
  'crds/types-that-have-to-be-computed',
];

const twins = fidelityCases().map((each) => [`fidelity/${each.subject}/${each.name}`, sourcesOf(each)] as const);

const cases = [...allCases.filter(([name]) => name.startsWith('crds/')), ...twins].filter(
  ([name]) => !excluded.includes(name),
);

test('files, declarations and members may come in any order', async () => {
  const seeds = fc.array(fc.nat(1000), { minLength: 20, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...cases), seeds, async ([, sources], seed) => {
      const draw = draws(seed);
      const other: Sources = Object.fromEntries(
        Object.entries(sources).map(([path, text]) => [path, reorder(text, draw)]),
      );
      expect(normal(await manifestsOf(other, shuffled(Object.keys(other), draw)))).toEqual(
        normal(await manifestsOf(sources)),
      );
    }),
    { numRuns: 200 },
  );
});
