import { withDeadline } from '../deadline.js';
import type { Logger } from '../log.js';
import type { Check } from './types.js';

/** The named checks behind a path such as `/healthz`. */
export interface Checks {
  /** Throws TypeError if the name is taken. */
  add(name: string, check: Check): void;
  /** The answer to a request for all checks, or for the one that is named. */
  answer(request: CheckRequest, signal: AbortSignal): Promise<CheckAnswer>;
}

export interface CheckRequest {
  /** The only check to run. */
  readonly name?: string;
  readonly verbose: boolean;
  readonly exclude: readonly string[];
}

export interface CheckAnswer {
  readonly status: 200 | 404 | 500;
  readonly text: string;
}

/** Milliseconds after which a check that has not answered has failed. */
const longestCheck = 5_000;

/** Reasons go to the log only: whoever may reach a probe need not learn them. Without any check, `ping` passes. */
export function createChecks(title: string, log: Logger): Checks {
  const checks = new Map<string, Check>();

  const run = async (
    name: string,
    check: Check,
    signal: AbortSignal,
  ): Promise<readonly [name: string, ok: boolean]> => {
    try {
      await withDeadline(longestCheck, signal, async (within) => check(within));
      return [name, true];
    } catch (error) {
      log.info('A health check failed', { path: title, check: name, error });
      return [name, false];
    }
  };

  const chosen = ({ name, exclude }: CheckRequest): readonly (readonly [string, Check])[] => {
    const all = checks.size > 0 ? [...checks] : [['ping', () => {}] as const];
    return all.filter(([each]) => (name === undefined ? !exclude.includes(each) : each === name));
  };

  return {
    add(name, check) {
      if (!/^[^/\s]+$/.test(name))
        throw new TypeError(`The name of a check must have no space and no slash, but is \`${name}\``);
      if (checks.has(name))
        throw new TypeError(`The name of a check must be unique, but \`${name}\` of ${title} is taken`);
      checks.set(name, check);
    },
    async answer(request, signal) {
      const selected = chosen(request);
      if (request.name !== undefined && selected.length === 0) return { status: 404, text: 'not found\n' };
      const results = await Promise.all(selected.map(([name, check]) => run(name, check, signal)));
      const isHealthy = results.every(([, ok]) => ok);
      if (isHealthy && !request.verbose) return { status: 200, text: 'ok' };
      const lines = results.map(([name, ok]) => (ok ? `[+]${name} ok` : `[-]${name} failed: reason withheld`));
      const verdict = `${title} check ${isHealthy ? 'passed' : 'failed'}`;
      return { status: isHealthy ? 200 : 500, text: [...lines, verdict, ''].join('\n') };
    },
  };
}
