import { readFileSync, writeFileSync } from 'node:fs';
import { type Command, type Flag, flagName } from '../src/cli/command.js';
import { commands } from '../src/cli/commands/index.js';
import { globalFlags } from '../src/cli/globals.js';
import { codes } from '../src/diagnostics.js';
import { markersMarkdown } from '../src/markers/page.js';
import { table } from '../src/validate/index.js';
import { fidelityMarkdown } from './fidelity/page.js';
import { rulesMarkdown } from './rules.js';

/** Writes the reference pages that follow from the code; with `--check` only says which are out of date. */
const pages: Readonly<Record<string, string>> = {
  'docs/markers.md': markersMarkdown(),
  'docs/commands.md': commandsMarkdown(),
  'docs/diagnostics.md': diagnosticsMarkdown(),
  'docs/rules.md': rulesMarkdown(table),
  'docs/fidelity.md': fidelityMarkdown(),
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
  const head = `# Commands\n\nMade by \`npm run docs\` from the table of commands.\n\nEvery command takes these flags, before or behind its name; [formats.md](formats.md) tells how opgen reports. Flags without a value also have the forms \`--no-x\` and \`--x=false\`.\n${flagTable(globalFlags)}`;
  const exits =
    '\n## Exit codes\n\n| code | meaning |\n|---|---|\n| 0 | clean; warnings alone are clean without `--strict` |\n| 1 | findings in the sources, or drift |\n| 2 | usage, names, PROJECT, files that cannot be read or written |\n| 3 | a bug in opgen |\n| 130 | interrupted |\n';
  return head + commands.map(commandMarkdown).join('') + exits;
}

function commandMarkdown(command: Command): string {
  const usage = `opgen ${command.name}${command.arguments ? ` ${command.arguments.usage}` : ''}${command.flags.length > 0 ? ' [flags]' : ''}`;
  const argument = command.arguments ? `\n\`${command.arguments.usage}\`: ${command.arguments.summary}.\n` : '';
  const flags = flagTable(command.flags);
  const examples = `\n\`\`\`sh\n${command.examples.join('\n')}\n\`\`\`\n`;
  return `\n## ${command.name}\n\n\`${usage}\`: ${command.summary}.\n${argument}${flags}${examples}`;
}

function flagTable(flags: readonly Flag[]): string {
  const rows = flags.map(
    (flag) => `| \`${flagName(flag)}${flag.value ? ` ${flag.value}` : ''}\` | ${flag.summary} |\n`,
  );
  return rows.length > 0 ? `\n| flag | meaning |\n|---|---|\n${rows.join('')}` : '';
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
