import { type FidelityCase, fidelityCases, madeBy } from './cases.js';
import { type Difference, differences } from './differences.js';
import { uncovered } from './uncovered.js';

/** The page about how opgen's CRDs compare with controller-gen's: docs/fidelity.md. */
export function fidelityMarkdown(): string {
  const cases = fidelityCases();
  return (
    [
      '# Fidelity',
      'Made by `npm run docs` from `fixtures/fidelity`.',
      introduction(cases),
      '## What was compared',
      subjects(cases),
      '## Intended differences',
      'Both sides are compared after the differences below are taken away, and after nothing else. The first list holds for every case, the second for the cases that it names.',
      table(
        ['difference', 'why'],
        differences.filter(({ scope }) => scope === 'every').map(({ id, reason }) => [`\`${id}\``, reason]),
      ),
      table(
        ['difference', 'why', 'cases'],
        differences
          .filter(({ scope }) => scope === 'named')
          .map((each) => [`\`${each.id}\``, each.reason, casesWith(cases, each).join(', ')]),
      ),
      '## What is not compared',
      table(
        ['what', 'why', 'tested in'],
        uncovered.map(({ what, reason, tested }) => [what, reason, tested]),
      ),
      '## How to remake it',
      'With controller-gen and Go on the PATH, `npx tsx scripts/fidelity.ts` runs controller-gen over all Go twins and writes the results; `--check` only says which stored results differ. A test does the same wherever controller-gen is there, so a stored result cannot drift from what controller-gen says.',
      '',
    ]
      .join('\n\n')
      .trimEnd() + '\n'
  );
}

function introduction(cases: readonly FidelityCase[]): string {
  const [tool, libraries, command] = madeBy();
  return [
    `Each of ${cases.length} cases is one API in two languages: \`<version>.ts\` for opgen, \`<version>.go\` for controller-gen.`,
    'Cases with `maxDescLen` in their `options.json` pass it to both.',
    `The CRD that opgen makes of the first has to equal, as a parsed object, the one that controller-gen made of the second: names, versions, descriptions, every key of every schema.`,
    '',
    `- ${tool}`,
    `- ${libraries}`,
    `- \`${command}\``,
  ].join('\n');
}

function subjects(cases: readonly FidelityCase[]): string {
  const names = [...new Set(cases.map(({ subject }) => subject))];
  const rows = names.map((subject) => {
    const found = cases.filter((each) => each.subject === subject).map(({ name }) => name.replaceAll('-', ' '));
    return [subject, String(found.length), found.join(', ')];
  });
  return table(['subject', 'cases', 'what'], [...rows, ['all', String(cases.length), '']]);
}

const casesWith = (cases: readonly FidelityCase[], { id }: Difference): readonly string[] =>
  cases.filter(({ options }) => options.differences?.includes(id)).map(({ subject, name }) => `${subject}/${name}`);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), `|${'---|'.repeat(head.length)}`, ...rows.map(row)].join('\n');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
