import { describe, expect, test } from 'vitest';
import { withElement, withImport } from '../../scripts/new/addition.js';
import { command } from '../../scripts/new/command.js';
import { generator } from '../../scripts/new/generator.js';
import { marker } from '../../scripts/new/marker.js';
import { rule } from '../../scripts/new/rule.js';
import { template } from '../../scripts/new/template.js';
import { run } from '../support/process.js';
import { snapshotTree, tempFolder } from '../support/temp.js';

const script = `${process.cwd()}/scripts/new/index.ts`;
const tsx = `${process.cwd()}/node_modules/tsx/dist/cli.mjs`;

/** Runs the script in an empty folder, where every edit would fail. */
const runNew = (cwd: string, args: readonly string[]) => run(process.execPath, [tsx, script, ...args], { cwd });

describe('npm run new', () => {
  test.each([
    [[], /must be one of marker, generator, command, rule, template, but nothing is given:\n {2}npm run new -- marker/],
    [['widget', 'a'], /but `widget` is none/],
    [['marker'], /The name of a marker must be .*, but `` is not\. hint: npm run new -- marker opgen:/],
    [['marker', 'kubebuilder:validation:Mine'], /must be words behind `opgen`/],
    [['generator', 'Bad Name'], /must be a word in lower case/],
    [['generator', '../up'], /must be a word in lower case/],
    [['command', 'one', 'two', 'three'], /one or two words/],
    [['rule', 'lt1'], /capital letters and a number/],
    [['template', 'a/b'], /must be a word in lower case/],
  ])('%j is refused, and nothing is written', async (args, says) => {
    const folder = tempFolder();
    const { stderr, stdout, status } = await runNew(folder, args);
    expect(stderr).toMatch(says);
    expect([stdout, status]).toEqual(['', 2]);
    expect(snapshotTree(folder)).toEqual({});
  });

  test('a name that is taken is refused with the files that have it', async () => {
    const before = snapshotTree('src/generators');
    const { stderr, status } = await runNew(process.cwd(), ['generator', 'crds']);
    expect(stderr).toBe('A new name must be free, but `src/generators/crds.ts` exists. hint: take another one\n');
    expect(status).toBe(2);
    expect(snapshotTree('src/generators')).toEqual(before);
  });

  test.each(Object.entries({ marker, generator, command, rule, template }))(
    'the example of a %s is a name, which stands in what is made',
    (_, { pattern, example, make }) => {
      expect(example).toMatch(pattern);
      const { files } = make(example);
      expect(Object.values(files).join('\n')).toContain(example);
    },
  );
});

describe('an edit of a list', () => {
  test('adds an import and an element', () => {
    const text =
      "import { a } from './a.js';\nimport type { B } from './b.js';\n\nexport const all: readonly B[] = [a];\n";
    const next = withElement(withImport(text, "import { c } from './c.js';", './'), 'all', 'c');
    expect(next).toBe(
      "import { a } from './a.js';\nimport type { B } from './b.js';\nimport { c } from './c.js';\n\nexport const all: readonly B[] = [a, c];\n",
    );
    expect(withElement('const all = [\n  a,\n];\n', 'all', 'b')).toBe('const all = [\n  a, b];\n');
  });

  test('fails where there is none', () => {
    expect(() => withElement('const other = [];', 'all', 'a')).toThrow('`all` must be an array');
    expect(() => withImport('', 'x', './')).toThrow('must be there');
  });
});
