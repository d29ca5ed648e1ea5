import { resolve } from 'node:path';
import { commands } from '../commands/index.js';
import { globalFlags, looseGlobals } from '../globals.js';
import { type Candidate, type Completion, complete } from './complete.js';
import { lookUpIn } from './look-up.js';
import { pathsBeginning } from './paths.js';
import { splitLine } from './words.js';

/**
 * What `opgen __complete SHELL …` prints for the scripts of `opgen completion`. bash gives the line up to the cursor and its COMP_WORDBREAKS; zsh and fish
 * give the words, the last one being typed; powershell does, with a `=` before each. bash and zsh get a first line with what they add themselves: `files`,
 * `folders` or `words`. Nothing is ever an error: a key has been pressed in the middle of a line.
 */
export function answer([shell, ...args]: readonly string[], here: string): string {
  try {
    return shell === 'bash' ? forBash(args, here) : forWords(shell!, args, here);
  } catch {
    return '';
  }
}

function completeWords(words: readonly string[], here: string): Completion {
  const cwd = resolve(here, looseGlobals(words.slice(0, -1)).cwd ?? '.');
  return complete(words, { commands, globalFlags, lookUp: lookUpIn(cwd) });
}

/** bash replaces only what follows the last of its breaking characters, `@` itself included, unless the word is quoted. */
function forBash([line = '', breaks = '']: readonly string[], here: string): string {
  const { words, isQuoted } = splitLine(line);
  const { candidates, paths } = completeWords(words.slice(1), here);
  const typed = words.at(-1)!;
  const kept = isQuoted ? 0 : Math.max(0, ...[...breaks].map((char) => startBehind(typed, char)));
  return lines([paths ?? 'words', ...candidates.map(({ value }) => value.slice(kept))]);
}

function startBehind(typed: string, char: string): number {
  const index = typed.lastIndexOf(char);
  return char === '@' ? index : index + 1;
}

function forWords(shell: string, args: readonly string[], here: string): string {
  const words = shell === 'powershell' ? args.map((word) => word.slice(1)) : args;
  const { candidates, paths } = completeWords(words, here);
  if (shell === 'zsh') return lines([paths ?? 'words', ...candidates.map(described)]);
  const found = paths ? pathsBeginning(words.at(-1) ?? '', here, paths) : [];
  return lines([...candidates.map(described), ...found]);
}

const described = ({ value, summary }: Candidate): string => `${value}\t${summary.replace(/\s+/g, ' ')}`;

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
