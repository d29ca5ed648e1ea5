import type { Diagnostic } from '../diagnostics.js';
import type { Change } from '../emit/plan.js';

/** A flag of a command, on the command line and, where `prompt` is set, as a question on a terminal. */
export interface Flag {
  /** Camel case: `skipInstall` is `--skip-install`. */
  readonly name: string;
  /** `boolean` takes `--x`, `--no-x` and `--x=false`; `list` takes an optional value, comma separated; `repeat` several values. */
  readonly type: 'string' | 'number' | 'boolean' | 'list' | 'repeat';
  /** What stands for the value in the help: `<domain>`. */
  readonly value?: string;
  readonly summary: string;
  readonly default?: string | boolean;
  /** The only values that the flag takes. */
  readonly choices?: readonly string[];
  /** What else shell completion offers as its value; absent: nothing. */
  readonly completes?: Completes;
  /** Asked for on a terminal when the flag is missing. Off a terminal the default holds, or the flag is an error. */
  readonly prompt?: string;
  /** What is wrong with a value: an answer is asked for again until nothing is. */
  check?(value: string): Diagnostic | undefined;
}

/**
 * What shell completion offers: files, folders, artifacts of `generate`, markers and tags, shells; the groups, versions and kinds of the project, or the
 * paths of its generated files.
 */
export type Completes =
  | 'files'
  | 'folders'
  | 'artifacts'
  | 'markers'
  | 'shells'
  | 'groups'
  | 'versions'
  | 'kinds'
  | 'owned';

export type FlagValues = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface Command {
  /** As it is typed: `create api`. */
  readonly name: string;
  readonly summary: string;
  /** Positional arguments as the help shows them: `[artifact...]`. */
  readonly arguments?: { readonly usage: string; readonly summary: string; readonly completes?: Completes };
  readonly flags: readonly Flag[];
  /** Whole command lines. */
  readonly examples: readonly string[];
  run(input: Input, env: Env): Promise<Outcome>;
}

export interface Input {
  readonly arguments: readonly string[];
  readonly flags: FlagValues;
}

/** What a command may know of the world beside the files. */
export interface Env {
  /** Absolute. */
  readonly cwd: string;
  readonly version: string;
  /** Somebody is there to answer. */
  readonly interactive: boolean;
  /** Data on stdout may have colours. */
  readonly colour: boolean;
  /** The width of the terminal that data on stdout goes to; absent if it goes to a file or a pipe. */
  readonly columns?: number;
  readonly format: Format;
  /** Asks for the value of a flag on a terminal; off a terminal gives the default, or `undefined` if there is none. */
  ask(flag: Flag, defaultValue?: string): Promise<string | undefined>;
  /** A line about long work, for people. */
  progress(line: string): void;
  /** Prints what came of one round of a command that goes on. */
  print(outcome: Outcome): void;
}

/** How a run reports. */
export const formats = ['human', 'json', 'github', 'sarif'] as const;
export type Format = (typeof formats)[number];

/** What came of a command; `cli/report.ts` prints it and derives the exit code. */
export interface Outcome {
  readonly diagnostics: readonly Diagnostic[];
  /** Files, as planned or written. */
  readonly changes?: readonly Change[];
  /** The changes were only planned: they are shown with their diffs. */
  readonly dryRun?: boolean;
  /** Data for stdout. */
  readonly output?: string;
  /** One line when all went well. */
  readonly summary?: string;
  /** Commands to run or files to look at next. */
  readonly next?: readonly string[];
  /** Folder that the paths in `changes` and diagnostics are relative to; absolute. */
  readonly root?: string;
}

/** 0 clean, 1 findings or drift, 2 usage or configuration, 3 a bug in opgen, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

/** Flags of every command that writes files. */
export const writingFlags: readonly Flag[] = [
  { name: 'dryRun', type: 'boolean', summary: 'show what would be written, with diffs, and write nothing' },
  {
    name: 'force',
    type: 'list',
    value: '[paths]',
    completes: 'owned',
    summary:
      'overwrite files that were edited by hand (all, or those of a comma-separated list); PATH.orig keeps the old content',
  },
];

/** `--force` → true, `--force=a,b` → the paths. */
export function forceOf(flags: FlagValues): boolean | readonly string[] {
  const { force } = flags;
  return Array.isArray(force) && force.length > 0 ? force : force !== undefined;
}

/** `skipInstall` → `--skip-install` */
export const flagName = (flag: Pick<Flag, 'name'>): string =>
  `--${flag.name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
