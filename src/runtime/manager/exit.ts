import { ConfigError } from '../errors.js';
import { createLogger, messageOf } from '../log.js';

/** Says on the standard error why the operator ends, and exits with 1. A mistake of the user is a plain line; all else is a log line. */
export function exitWithError(error: unknown): never {
  if (error instanceof ConfigError) process.stderr.write(`${messageOf(error)}\n`);
  else createLogger().error(error, 'The operator failed');
  process.exit(1);
}
