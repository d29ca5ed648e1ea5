import { Command as Commander, CommanderError, Option } from 'commander';
import { type Diagnostic, Refusal } from '../diagnostics.js';
import { nearest } from '../nearest.js';
import { packageVersion } from '../package.js';
import { type Command, type Flag, type FlagValues, flagName, type Input } from './command.js';
import { commands } from './commands/index.js';
import { type Globals, globalFlags, looseGlobals, toGlobals } from './globals.js';
import { plannedCommands } from './planned.js';

export type CommandLine =
  | { readonly command: Command; readonly input: Input; readonly globals: Globals }
  | { readonly help: string }
  | { readonly diagnostics: readonly Diagnostic[]; readonly globals: Globals };

/** What the arguments ask for: a command, a text of help, or what is wrong with them. */
export async function parseCommandLine(argv: readonly string[]): Promise<CommandLine> {
  if (/^(--version|-[vV])$/.test(argv[0] ?? '')) return { help: `${packageVersion()}\n` };
  let chosen: { command: Command; input: Input } | undefined;
  const screen = { out: '', err: '' };
  const program = buildProgram(screen, (command, input) => {
    chosen = { command, input };
  });
  try {
    await program.parseAsync(normalizeBooleans(argv), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return { help: screen.out };
    return { diagnostics: mistakes(program, error, argv), globals: looseGlobals(argv) };
  }
  return chosen ? { ...chosen, globals: toGlobals(program.opts()) } : { help: program.helpInformation() };
}

function mistakes(program: Commander, error: unknown, argv: readonly string[]): readonly Diagnostic[] {
  if (error instanceof Refusal) return error.diagnostics;
  if (!(error instanceof CommanderError)) throw error;
  const words = wordsOf(argv);
  const isMissing = error.code === 'commander.help';
  const planned = isMissing || error.code === 'commander.unknownCommand' ? plannedName(words) : undefined;
  if (planned !== undefined) return [notYet(planned)];
  if (isMissing) return [missingCommand(program, words)];
  const unknown = error.code === 'commander.unknownOption' ? unknownFlags(words, argv) : [];
  return unknown.length > 0 ? unknown : [toDiagnostic(error, words)];
}

interface Screen {
  out: string;
  err: string;
}

type Choose = (command: Command, input: Input) => void;

function buildProgram(screen: Screen, choose: Choose): Commander {
  const program = new Commander('opgen')
    .description('Kubernetes operators in TypeScript: scaffolds projects and generates CRDs, RBAC and code from types.')
    .helpCommand('help [command]', 'show the help of a command');
  for (const option of globalFlags.flatMap(toOptions)) program.addOption(option);
  program.addHelpText('after', `\nExamples:\n${commands.map((command) => `  ${command.examples[0]}\n`).join('')}`);
  silence(program, screen);
  for (const command of commands) addCommand(program, command, screen, choose);
  return program;
}

/** commander throws in place of ending the process, and what it would print is kept. */
function silence(command: Commander, screen: Screen): Commander {
  return command.exitOverride().configureOutput({
    writeOut: (text) => {
      screen.out += text;
    },
    writeErr: (text) => {
      screen.err += text;
    },
  });
}

function addCommand(program: Commander, command: Command, screen: Screen, choose: Choose): void {
  const words = command.name.split(' ');
  const parent = words.slice(0, -1).reduce((above, word) => groupCommand(above, word, screen), program);
  const added = silence(parent.command(words.at(-1)!), screen).description(command.summary);
  if (command.arguments) added.argument(command.arguments.usage, command.arguments.summary);
  for (const option of command.flags.flatMap(toOptions)) added.addOption(option);
  added.addHelpText('after', `\nExamples:\n${command.examples.map((example) => `  ${example}\n`).join('')}`);
  added.action(() => choose(command, { arguments: added.args, flags: added.opts() as FlagValues }));
}

/** `create` of `create api`. */
function groupCommand(parent: Commander, word: string, screen: Screen): Commander {
  const found = parent.commands.find((each) => each.name() === word);
  if (found) return found;
  const members = commands.filter((command) => command.name.startsWith(`${word} `)).map((command) => command.name);
  return silence(parent.command(word), screen).description(
    `see ${members.map((name) => `\`opgen ${name} --help\``).join(', ')}`,
  );
}

function toOptions(flag: Flag): readonly Option[] {
  const long = flagName(flag);
  if (flag.type === 'boolean') {
    const option = new Option(long, flag.summary);
    if (flag.default !== undefined) option.default(flag.default);
    return [option, new Option(negated(flag)).hideHelp()];
  }
  const value = flag.value ?? '<value>';
  const option = new Option(
    flag.type === 'repeat' ? `${long} ${value.replace('>', '...>')}` : `${long} ${value}`,
    flag.summary,
  );
  if (flag.choices) option.argParser(toChoice(long, flag.choices));
  if (flag.type === 'list') option.argParser((text: string) => text.split(',').filter((part) => part !== ''));
  if (flag.type === 'number') option.argParser(toNumber(long));
  return [option];
}

const toChoice = (long: string, choices: readonly string[]) => (text: string) => {
  if (choices.includes(text)) return text;
  const hint = `${long} ${nearest(text, choices) ?? choices[0]}`;
  throw new Refusal(wrongValue(`\`${long}\` must be one of ${choices.join(', ')}`, text, hint));
};

const toNumber = (long: string) => (text: string) => {
  if (/^\d+$/.test(text)) return Number(text);
  throw new Refusal(wrongValue(`\`${long}\` must be a whole number from 0 on`, text, `${long} 0`));
};

const wrongValue = (rule: string, text: string, hint: string): Diagnostic => ({
  code: 'OG5001',
  severity: 'error',
  message: `${rule}, but \`${text}\` is none`,
  hint,
});

/**
 * `--x=false` → `--no-x`, `--x=true` → `--x`: the spelling of kubebuilder's flags. A bare `--force` must not take the next argument for its value, so it
 * gets an empty one. What follows `--` belongs to somebody else.
 */
function normalizeBooleans(argv: readonly string[]): string[] {
  const lists = commands.flatMap(({ flags }) => flags.filter(({ type }) => type === 'list').map(flagName));
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  return argv.map((argument, index) => {
    if (index >= end) return argument;
    if (lists.includes(argument)) return `${argument}=`;
    const match = /^--([a-z][a-z-]*)=(true|false)$/.exec(argument);
    return match ? `--${match[2] === 'false' ? 'no-' : ''}${match[1]}` : argument;
  });
}

/** The words of the command line that may be names of commands: neither flags nor the values of global flags. */
function wordsOf(argv: readonly string[]): readonly string[] {
  const valued = globalFlags.filter(({ type }) => type !== 'boolean').map(flagName);
  return argv.filter((argument, index) => !argument.startsWith('-') && !valued.includes(argv[index - 1] ?? ''));
}

/** The command of opgen's plan that the words name, if this version does not have it. */
function plannedName(words: readonly string[]): string | undefined {
  const known = commands.map(({ name }) => name);
  const names = [words.slice(0, 2).join(' '), words[0] ?? ''];
  return names.find((name) => Object.hasOwn(plannedCommands, name) && !known.includes(name));
}

function notYet(name: string): Diagnostic {
  const message = `\`opgen ${name}\` must wait for a later version, but it is asked for now: opgen ${packageVersion()} does not have it yet`;
  return { code: 'OG5001', severity: 'error', message, hint: plannedCommands[name]! };
}

function missingCommand(program: Commander, words: readonly string[]): Diagnostic {
  const group = program.commands.find((command) => command.name() === words[0]);
  const names = (group ?? program).commands.map((command) => command.name()).filter((name) => name !== 'help');
  const message = group
    ? `\`opgen ${group.name()}\` needs to know what, but no name follows`
    : '`opgen` needs a command, but none is given';
  const example = commands.find((command) => command.name.startsWith(group ? `${group.name()} ` : ''))!.examples[0];
  const hint = names.length === 1 ? `\`${example}\`` : `one of ${names.join(', ')}; try \`${example}\``;
  return { code: 'OG5001', severity: 'error', message, hint };
}

/** The command that the words begin with. */
const commandOf = (words: readonly string[]): Command | undefined =>
  commands.find(({ name }) => name === words.slice(0, name.split(' ').length).join(' '));

/** Each flag that neither the command nor every command has; a value that begins with a dash is taken for one, as commander does. */
function unknownFlags(words: readonly string[], argv: readonly string[]): readonly Diagnostic[] {
  const flags = [...(commandOf(words)?.flags ?? []), ...globalFlags];
  const known = flags.flatMap((flag) => [flagName(flag), ...(flag.type === 'boolean' ? [negated(flag)] : [])]);
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const typed = own.filter((argument) => /^-./.test(argument)).map((argument) => argument.replace(/=.*/s, ''));
  const unknown = [...new Set(typed)].filter((name) => ![...known, '--help', '-h'].includes(name));
  return unknown.map((name) => {
    const near = nearest(
      name.replace(/^-+/, ''),
      known.map((each) => each.slice(2)),
    );
    const advice = near === undefined ? `see \`${helpOf(words)}\`` : `did you mean \`--${near}\`?`;
    const message = `The command line must be understood, but \`${name}\` is no flag of it`;
    return {
      code: 'OG5001',
      severity: 'error',
      message,
      hint: ofKubebuilder[name.replace('--no-make', '--make')] ?? advice,
    };
  });
}

const negated = (flag: Flag): string => flagName(flag).replace('--', '--no-');

function helpOf(words: readonly string[]): string {
  const known = commandOf(words) ?? commands.find(({ name }) => name.startsWith(`${words[0]} `));
  return `opgen ${known ? `${known.name} ` : ''}--help`;
}

/** commander's sentence in opgen's grammar. */
function toDiagnostic(error: CommanderError, words: readonly string[]): Diagnostic {
  const [first = '', second = ''] = error.message
    .replace(/^error: /, '')
    .split('\n')
    .map((line) => line.replace(/\.$/, ''));
  const suggestion = /\(Did you mean (?:one of )?(.*)\?\)/.exec(second)?.[1];
  const message = `The command line must be understood, but ${lowerFirst(first.replace(/'/g, '`'))}`;
  const hint = suggestion ? `did you mean \`${suggestion}\`?` : `see \`${helpOf(words)}\``;
  return { code: 'OG5001', severity: 'error', message, hint };
}

/** Flags that kubebuilder has and opgen has not, with what takes their place. */
const ofKubebuilder: Readonly<Record<string, string | undefined>> = {
  '--plugins': 'drop it: opgen has no plugins, and `create api --image IMAGE` does what deploy-image does',
  '--make': 'drop it: opgen generates at once',
  '--repo': 'drop it: a project has the name of its folder, or that of `--project-name`',
};

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
