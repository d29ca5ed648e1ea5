import { type Flag, type FlagValues, type Format, flagName, formats } from './command.js';

/** Flags that every command takes. */
export const globalFlags: readonly Flag[] = [
  { name: 'cwd', type: 'string', value: '<dir>', summary: 'work in this folder', completes: 'folders' },
  {
    name: 'format',
    type: 'string',
    value: '<format>',
    summary: 'how to report: human (default), json, github for annotations of GitHub Actions, or sarif',
    choices: formats,
  },
  { name: 'json', type: 'boolean', summary: 'the same as --format json' },
  { name: 'quiet', type: 'boolean', summary: 'print nothing but errors and data' },
  { name: 'strict', type: 'boolean', summary: 'exit 1 on warnings too' },
  {
    name: 'color',
    type: 'boolean',
    summary: 'colours (default on a terminal); --no-color: none, as with the environment variable NO_COLOR',
  },
];

export interface Globals {
  readonly cwd?: string;
  readonly format: Format;
  readonly quiet: boolean;
  readonly strict: boolean;
  /** Absent: as the environment says. */
  readonly color?: boolean;
}

export function toGlobals({ cwd, format, json, quiet, strict, color }: FlagValues): Globals {
  const named = formats.find((each) => each === format) ?? 'human';
  return {
    ...(typeof cwd === 'string' ? { cwd } : {}),
    format: json === true ? 'json' : named,
    quiet: quiet === true,
    strict: strict === true,
    ...(typeof color === 'boolean' ? { color } : {}),
  };
}

/** The global flags among arguments that are not understood as a whole: who asked for a format gets the mistake in that format. */
export function looseGlobals(argv: readonly string[]): Globals {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const found: Record<string, string | boolean> = {};
  for (const [index, argument] of own.entries()) {
    for (const { name, type } of globalFlags) {
      const long = flagName({ name });
      if (type === 'boolean') {
        if (argument === long || argument === `${long}=true`) found[name] = true;
        if (argument === `--no-${long.slice(2)}` || argument === `${long}=false`) found[name] = false;
      } else if (argument.startsWith(`${long}=`)) found[name] = argument.slice(long.length + 1);
      else if (argument === long && own[index + 1] !== undefined) found[name] = own[index + 1]!;
    }
  }
  return toGlobals(found);
}
