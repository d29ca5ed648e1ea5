import { type Command, type Completes, type Flag, flagName } from '../command.js';

export interface Candidate {
  /** The whole word, `--format=json` for a value behind `=`. */
  readonly value: string;
  readonly summary: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** What the shell itself adds. */
  readonly paths?: 'files' | 'folders';
}

/** What there is to choose from. */
export interface Choices {
  readonly commands: readonly Command[];
  readonly globalFlags: readonly Flag[];
  /** The names that are known at the moment, with a word about each. */
  lookUp(what: Exclude<Completes, 'files' | 'folders'>): readonly Candidate[];
}

/** What may stand in place of the last word. The words follow `opgen`. Pure but for `lookUp`, which is asked only for what is needed. */
export function complete(words: readonly string[], choices: Choices): Completion {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  if (before.includes('--')) return { candidates: [], paths: 'files' };
  const state = read(before, choices);
  const { candidates, paths } = proposals(current, state, choices);
  const fitting = candidates.filter(({ value }) => value.startsWith(current));
  return { candidates: fitting, ...(paths ? { paths } : {}) };
}

/** What the words before the last one say. */
interface State {
  readonly command: Command | undefined;
  /** Words that are neither flags nor their values. */
  readonly plain: readonly string[];
  readonly given: ReadonlySet<string>;
  /** The flag whose value comes next. */
  readonly awaited: Flag | undefined;
}

function read(before: readonly string[], choices: Choices): State {
  const plain: string[] = [];
  const given = new Set<string>();
  let awaited: Flag | undefined;
  for (const word of before) {
    if (word.startsWith('-')) {
      given.add(word.replace(/=.*/s, ''));
      awaited = word.includes('=') ? undefined : valued(flagsOf(commandOf(plain, choices), choices), word);
    } else if (awaited === undefined) plain.push(word);
    else if (awaited.type !== 'repeat') awaited = undefined;
  }
  return { command: commandOf(plain, choices), plain, given, awaited };
}

const commandOf = (plain: readonly string[], { commands }: Choices): Command | undefined =>
  commands.find(({ name }) => name === plain.slice(0, name.split(' ').length).join(' '));

const flagsOf = (command: Command | undefined, { globalFlags }: Choices): readonly Flag[] => [
  ...(command?.flags ?? []),
  ...globalFlags,
];

/** A flag that takes the next word: a list has its value behind `=` only. */
const valued = (flags: readonly Flag[], word: string): Flag | undefined =>
  flags.find((flag) => flagName(flag) === word && flag.type !== 'boolean' && flag.type !== 'list');

function proposals(current: string, state: State, choices: Choices): Completion {
  const { command, plain, awaited } = state;
  const flags = flagsOf(command, choices);
  const assigned = /^--[a-z-]+(?==)/.exec(current)?.[0];
  if (assigned !== undefined) return assignedValues(assigned, flags, choices);
  if (current.startsWith('-')) return { candidates: flagNames(flags, state.given, current) };
  if (awaited !== undefined) return valuesOf(awaited, choices);
  if (plain[0] === 'help') return { candidates: commandWords(plain.slice(1), choices) };
  if (command !== undefined) return argumentsOf(command, plain.slice(command.name.split(' ').length), choices);
  return { candidates: [...commandWords(plain, choices), ...(plain.length === 0 ? [help] : [])] };
}

const help: Candidate = { value: 'help', summary: 'show the help of a command' };

/** The next word of each command whose name begins with the words. */
function commandWords(plain: readonly string[], { commands }: Choices): readonly Candidate[] {
  const next = new Map<string, string>();
  for (const { name, summary } of commands) {
    const words = name.split(' ');
    if (words.length <= plain.length || plain.some((word, index) => word !== words[index])) continue;
    const word = words[plain.length]!;
    next.set(word, words.length === plain.length + 1 ? summary : `${word} …`);
  }
  return [...next].map(([value, summary]) => ({ value, summary }));
}

/** Flags that are not given yet, those of the command first; the negated forms when their beginning is typed. */
function flagNames(flags: readonly Flag[], given: ReadonlySet<string>, current: string): readonly Candidate[] {
  const own = flags.filter((flag) => flag.type === 'repeat' || !given.has(flagName(flag)));
  const named = own.map((flag) => ({ value: flagName(flag), summary: flag.summary }));
  const negated = own
    .filter(({ type }) => type === 'boolean' && current.startsWith('--no'))
    .map((flag) => ({ value: flagName(flag).replace('--', '--no-'), summary: `not: ${flag.summary}` }));
  return [...named, ...negated, { value: '--help', summary: 'show the help of the command' }];
}

function valuesOf({ type, choices: values, completes, summary }: Flag, choices: Choices): Completion {
  if (type === 'boolean') return { candidates: ['true', 'false'].map((value) => ({ value, summary })) };
  if (values) return { candidates: values.map((value) => ({ value, summary })) };
  return completes === undefined ? { candidates: [] } : offered(completes, choices);
}

function offered(completes: Completes, choices: Choices): Completion {
  if (completes === 'files' || completes === 'folders') return { candidates: [], paths: completes };
  return { candidates: choices.lookUp(completes) };
}

/** `--format=` in front of each value. */
function assignedValues(name: string, flags: readonly Flag[], choices: Choices): Completion {
  const flag = flags.find((each) => flagName(each) === name);
  if (!flag) return { candidates: [] };
  const { candidates, ...rest } = valuesOf(flag, choices);
  return { ...rest, candidates: candidates.map(({ value, summary }) => ({ value: `${name}=${value}`, summary })) };
}

/** What a command takes behind its name: one argument, or several different ones. */
function argumentsOf({ arguments: taken }: Command, typed: readonly string[], choices: Choices): Completion {
  if (taken?.completes === undefined || (typed.length > 0 && !taken.usage.includes('...'))) return { candidates: [] };
  const { candidates, ...rest } = offered(taken.completes, choices);
  return { ...rest, candidates: candidates.filter(({ value }) => !typed.includes(value)) };
}
