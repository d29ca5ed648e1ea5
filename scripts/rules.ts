import type { Code } from '../src/diagnostics.js';
import type { Answer } from '../src/validate/answer.js';
import type { Rule } from '../src/validate/rule.js';

const head = `# Rules

Made by \`npm run docs\` from the table of rules. They are checked before \`opgen generate\` writes anything. The API server is kube-apiserver
1.36; a test puts a CRD that breaks the rule to it, for each of its answers here.

In paths, \`{schema}\` is \`spec.validation.openAPIV3Schema\` where all versions have the same schema, otherwise
\`spec.versions[{i}].schema.openAPIV3Schema\`; \`{node}\` is any place in it, and \`{version}\` is \`spec\` where all versions agree, otherwise
\`spec.versions[{i}]\`. opgen prints the paths of the manifest and the place in the source; reports in JSON have the path of the API server as
\`serverPath\`. "opgen only" means that the API server accepts what the rule reports.

| id | rule | code | severity | what the API server prints |
|---|---|---|---|---|
`;

/** The table of rules as a page. */
export function rulesMarkdown(table: readonly { readonly code: Code; readonly rule: Rule }[]): string {
  return head + table.map(({ code, rule }) => row(code, rule)).join('');
}

function row(code: Code, { id, claim, severity, server, since }: Rule): string {
  const release = since === undefined ? '' : `since Kubernetes ${since}: `;
  const answers = server === undefined ? 'opgen only' : `${release}${grouped(server)}`;
  return `| ${id} | ${cell(claim)} | ${code} | ${severity ?? 'error'} | ${answers} |\n`;
}

/** One line for each path. */
function grouped(answers: readonly Answer[]): string {
  const paths = [...new Set(answers.map(({ at }) => at))];
  const lines = paths.map((path) => {
    const texts = answers.filter(({ at }) => at === path).map(({ says }) => code(says));
    return `${path === '' ? 'no path' : code(path)}: ${texts.join(' or ')}`;
  });
  return lines.join('<br>');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
const code = (text: string): string => `\`${cell(text)}\``;
