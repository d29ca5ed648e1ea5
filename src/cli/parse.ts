import { Command as Commander, CommanderError, Option } from 'commander';
import type { Diagnostic } from '../diagnostics.js';
import { packageVersion } from '../package.js';
import { type Command, type Flag, type FlagValues, flagName, type Input } from './command.js';
import { commands } from './commands/index.js';

export interface Globals {
  readonly cwd?: string;
  readonly format: 'human' | 'json';
  readonly quiet: boolean;
  readonly strict: boolean;
  readonly color: boolean;
}

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
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { help: screen.out };
    if (error.code === 'commander.help')
      return { diagnostics: [missingCommand(program, argv)], globals: globalsOf(program, argv) };
    return { diagnostics: [toDiagnostic(error, argv)], globals: globalsOf(program, argv) };
  }
  return chosen ? { ...chosen, globals: globalsOf(program, argv) } : { help: program.helpInformation() };
}

interface Screen {
  out: string;
  err: string;
}

type Choose = (command: Command, input: Input) => void;

function buildProgram(screen: Screen, choose: Choose): Commander {
  const program = new Commander('opgen')
    .description('Kubernetes operators in TypeScript: scaffolds projects and generates CRDs, RBAC and code from types.')
    .option('--cwd <dir>', 'work in this folder')
    .addOption(new Option('--format <format>', 'how to report').choices(['human', 'json']).default('human'))
    .option('--json', 'the same as --format json')
    .option('--quiet', 'print nothing but errors and data')
    .option('--strict', 'exit 1 on warnings too')
    .option('--no-color', 'no colours, as with the environment variable NO_COLOR')
    .helpCommand('help [command]', 'show the help of a command');
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
    return [option, new Option(long.replace('--', '--no-')).hideHelp()];
  }
  const value = flag.value ?? '<value>';
  const option = new Option(
    flag.type === 'repeat' ? `${long} ${value.replace('>', '...>')}` : `${long} ${value}`,
    flag.summary,
  );
  if (flag.type === 'list') option.argParser((text: string) => text.split(',').filter((part) => part !== ''));
  if (flag.type === 'number') option.argParser(toNumber(long));
  return [option];
}

const toNumber = (long: string) => (text: string) => {
  if (/^\d+$/.test(text)) return Number(text);
  throw new CommanderError(2, 'opgen.number', `\`${long}\` takes a whole number from 0 on, but \`${text}\` is none`);
};

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

/** Also after a mistake: whoever asked for JSON gets the mistake as JSON. */
function globalsOf(program: Commander, argv: readonly string[]): Globals {
  const { cwd, format, json, quiet, strict, color } = program.opts();
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const isJson =
    json === true || format === 'json' || own.includes('--json') || own.join(' ').includes('--format json');
  return {
    ...(cwd === undefined ? {} : { cwd }),
    format: isJson ? 'json' : 'human',
    quiet: quiet === true,
    strict: strict === true,
    color,
  };
}

function missingCommand(program: Commander, argv: readonly string[]): Diagnostic {
  const words = argv.filter((argument) => !argument.startsWith('-'));
  const group = program.commands.find((command) => command.name() === words[0]);
  const names = (group ?? program).commands.map((command) => command.name()).filter((name) => name !== 'help');
  const message = group
    ? `\`opgen ${group.name()}\` needs to know what, but no name follows`
    : '`opgen` needs a command, but none is given';
  const example = commands.find((command) => command.name.startsWith(group ? `${group.name()} ` : ''))!.examples[0];
  const hint = names.length === 1 ? `\`${example}\`` : `one of ${names.join(', ')}; try \`${example}\``;
  return { code: 'OG5001', severity: 'error', message, hint };
}

/** commander's sentence in opgen's grammar. */
function toDiagnostic(error: CommanderError, argv: readonly string[]): Diagnostic {
  const [first, second] = error.message
    .replace(/^error: /, '')
    .split('\n')
    .map((line) => line.replace(/\.$/, ''));
  const suggestion = /\(Did you mean (?:one of )?(.*)\?\)/.exec(second ?? '')?.[1];
  const words = argv.filter((argument) => /^[a-z]/.test(argument)).slice(0, 2);
  const known =
    commands.find((command) => words.join(' ').startsWith(command.name)) ??
    commands.find((command) => command.name.startsWith(`${words[0]} `));
  const help = `opgen ${known ? `${known.name} ` : ''}--help`;
  const message = `The command line must be understood, but ${lowerFirst(first!.replace(/'/g, '`'))}`;
  return {
    code: 'OG5001',
    severity: 'error',
    message: error.code === 'opgen.number' ? first! : message,
    hint: kubebuilderHint(error) ?? (suggestion ? `did you mean \`${suggestion}\`?` : `see \`${help}\``),
  };
}

/** Flags and commands that kubebuilder has and opgen has not, with what takes their place. */
const ofKubebuilder: Readonly<Record<string, string>> = {
  '--plugins': 'drop it: opgen has no plugins, and `create api --image IMAGE` does what deploy-image does',
  '--make': 'drop it: opgen generates at once',
  '--repo': 'drop it: a project has the name of its folder, or that of `--project-name`',
  edit: '`multigroup` and `namespaced` are chosen with `opgen init`',
};

function kubebuilderHint({ code, message }: CommanderError): string | undefined {
  if (code !== 'commander.unknownOption' && code !== 'commander.unknownCommand') return undefined;
  const [, word = ''] = /'(?:--no-(?=make))?([^'=]+)/.exec(message) ?? [];
  const name = word === 'make' ? '--make' : word;
  return Object.hasOwn(ofKubebuilder, name) ? ofKubebuilder[name] : undefined;
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
