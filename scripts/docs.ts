import { readFileSync, writeFileSync } from 'node:fs';
import { type Command, flagName } from '../src/cli/command.js';
import { commands } from '../src/cli/commands/index.js';
import { codes } from '../src/diagnostics.js';
import { markersMarkdown } from '../src/markers/help.js';

/** Writes the reference pages that follow from the code; with `--check` only says which are out of date. */
const pages: Readonly<Record<string, string>> = {
  'docs/markers.md': markersMarkdown(),
  'docs/commands.md': commandsMarkdown(),
  'docs/diagnostics.md': diagnosticsMarkdown(),
};

const outdated = Object.entries(pages).filter(([path, text]) => read(path) !== text);
if (process.argv.includes('--check')) {
  for (const [path] of outdated)
    process.stderr.write(`${path} is out of date. Run \`npm run docs\` and commit the result.\n`);
  process.exitCode = outdated.length > 0 ? 1 : 0;
} else {
  for (const [path, text] of outdated) writeFileSync(path, text);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function commandsMarkdown(): string {
  const head =
    '# Commands\n\nMade by `npm run docs` from the table of commands.\n\nEvery command takes `--cwd DIR`, `--format human|json`, `--json`, `--quiet`, `--strict` and `--no-color`. Flags without a value also have the forms `--no-x` and `--x=false`.\n';
  const exits =
    '\n## Exit codes\n\n| code | meaning |\n|---|---|\n| 0 | clean; warnings alone are clean without `--strict` |\n| 1 | findings in the sources, or drift |\n| 2 | usage, names, PROJECT, files that cannot be read or written |\n| 3 | a bug in opgen |\n| 130 | interrupted |\n';
  return head + commands.map(commandMarkdown).join('') + exits;
}

function commandMarkdown(command: Command): string {
  const usage = `opgen ${command.name}${command.arguments ? ` ${command.arguments.usage}` : ''}${command.flags.length > 0 ? ' [flags]' : ''}`;
  const argument = command.arguments ? `\n\`${command.arguments.usage}\`: ${command.arguments.summary}.\n` : '';
  const rows = command.flags.map(
    (flag) => `| \`${flagName(flag)}${flag.value ? ` ${flag.value}` : ''}\` | ${flag.summary} |\n`,
  );
  const flags = rows.length > 0 ? `\n| flag | meaning |\n|---|---|\n${rows.join('')}` : '';
  const examples = `\n\`\`\`sh\n${command.examples.join('\n')}\n\`\`\`\n`;
  return `\n## ${command.name}\n\n\`${usage}\`: ${command.summary}.\n${argument}${flags}${examples}`;
}

function diagnosticsMarkdown(): string {
  const head =
    '# Diagnostics\n\nMade by `npm run docs` from the table of codes. An id in brackets behind a code is the rule of the API server that it stands for.\n\n| code | what is wrong | exit code |\n|---|---|---|\n';
  return (
    head +
    Object.entries(codes)
      .map(([code, { title, exit }]) => `| ${code} | ${title} | ${exit} |\n`)
      .join('')
  );
}
