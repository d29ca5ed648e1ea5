import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Format } from '../command.js';
import { appendToSummary } from './append.js';

/** How a run speaks. */
export interface Voice {
  readonly format: Format;
  readonly quiet: boolean;
  /** Warnings count as errors. */
  readonly strict: boolean;
  readonly colour: { readonly out: boolean; readonly err: boolean };
  /** Of the terminal that messages go to, in cells; absent in a pipe. */
  readonly width?: number;
  /** Where the command was started; absolute. */
  readonly cwd: string;
  /** The root of the repository that annotations are about; absolute. */
  readonly repository: string;
  /** Adds Markdown to the summary of a CI job: `make` is told how many bytes are left. Gives what went wrong. */
  summarize?(make: (bytes: number) => string): string | undefined;
  out(text: string): void;
  err(text: string): void;
}

/** The streams that a run writes to. */
export interface Streams {
  readonly stdout: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly stderr: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
}

export interface VoiceOptions {
  readonly format: Format;
  readonly quiet: boolean;
  readonly strict: boolean;
  /** `--color` and `--no-color`; absent: as the environment says. */
  readonly color?: boolean;
  readonly cwd: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The voice that flags, environment and streams ask for. */
export function toVoice(options: VoiceOptions, env: Environment, { stdout, stderr }: Streams): Voice {
  const { format, quiet, strict, color, cwd } = options;
  const colours = (isTTY: boolean | undefined): boolean =>
    format === 'human' && (color ?? wantsColour(env, isTTY === true));
  const file = env.GITHUB_STEP_SUMMARY;
  return {
    format,
    quiet,
    strict,
    colour: { out: colours(stdout.isTTY), err: colours(stderr.isTTY) },
    ...(stderr.isTTY === true ? { width: stderr.columns || 80 } : {}),
    cwd,
    repository: repositoryOf(cwd, env.GITHUB_WORKSPACE),
    ...(format === 'github' && file ? { summarize: (make) => appendToSummary(file, make) } : {}),
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
  };
}

/** FORCE_COLOR beats NO_COLOR, as in Node.js; a terminal has colours unless it is a dumb one. */
function wantsColour({ FORCE_COLOR: force, NO_COLOR: none, TERM: term }: Environment, isTTY: boolean): boolean {
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTTY && !none && term !== 'dumb';
}

/** What CI says, or else the nearest folder upwards that is under version control, or else the folder itself. */
function repositoryOf(cwd: string, workspace: string | undefined): string {
  if (workspace) return resolve(workspace);
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}
