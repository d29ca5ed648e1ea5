import { resolve } from 'node:path';
import { projectRoot } from '../root.js';
import { lookBack } from './memory.js';

/**
 * A run of `generate` that left nothing to do is remembered with the files that it depends on. As long as none of them has changed, and without warnings to
 * repeat, the next run stops here, before anything else is loaded: it costs little more than the start of Node.js. The answer is what to print;
 * `undefined` means the long way.
 */
export function silentRun(argv: readonly string[], cwd = process.cwd()): string | undefined {
  const request = parseRequest(argv);
  const root = request && projectRoot(resolve(cwd));
  const back = root && lookBack(root, request.names, request.check);
  if (!request || !back || back.changed.length > 0 || back.run.warnings.length > 0) return undefined;
  return request.quiet ? '' : `${upToDate(request.check, back.run.artifacts)}\n`;
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
