import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { projectRoot } from '../root.js';
import { areMissing, isUnchanged, type Run, recall, watchedFiles } from './memory.js';

/**
 * A run of `generate` that left nothing to do is remembered with the files that it depends on. As long as none of them has changed, and without warnings to
 * repeat, the next run stops here, before anything else is loaded: it costs little more than the start of Node.js. The answer is what to print;
 * `undefined` means the long way.
 */
export function silentRun(argv: readonly string[], cwd = process.cwd()): string | undefined {
  const request = parseRequest(argv);
  const root = request && projectRoot(resolve(cwd));
  const run = root && unchangedRun(root, request);
  if (!request || !run || run.warnings.length > 0) return undefined;
  return request.quiet ? '' : `${upToDate(request.check, run.artifacts)}\n`;
}

/** The last run for these artifacts (none: all), if all that it has read and written is as it was. */
export function unchangedRun(root: string, { names, check }: Pick<Request, 'names' | 'check'>): Run | undefined {
  try {
    if (existsSync(join(root, '.opgen/journal.json'))) return undefined;
    const run = recall(root, names);
    const known = new Set(run?.files.map(([path]) => path));
    if (!run || !watchedFiles(root).every((path) => known.has(path)) || !areMissing(root, run)) return undefined;
    const byContent = check || process.env.CI !== undefined;
    return run.files.every((state) => isUnchanged(root, state, byContent)) ? run : undefined;
  } catch {
    return undefined; // A cache of another shape, a file that vanishes: the long way finds out what is the matter.
  }
}

export const upToDate = (check: boolean, artifacts: number): string =>
  `${check ? 'No drift' : 'Nothing to do'}: ${artifacts} file${artifacts === 1 ? '' : 's'} up to date.`;

interface Request {
  readonly names: readonly string[];
  readonly check: boolean;
  readonly quiet: boolean;
}

/** Only the everyday forms; any other argument takes the long way. */
function parseRequest(argv: readonly string[]): Request | undefined {
  const [command, ...rest] = argv;
  const names = rest.filter((argument) => !argument.startsWith('-'));
  const options = rest.filter((argument) => argument.startsWith('-'));
  if (command !== 'generate' || !options.every((option) => option === '--check' || option === '--quiet'))
    return undefined;
  return { names, check: options.includes('--check'), quiet: options.includes('--quiet') };
}
