import { countWatchProblem } from '../metrics/watch.js';
import { resourceName } from '../resource.js';
import { createBackoff } from './backoff.js';
import type { Problem } from './problem.js';
import type { ReflectorOptions } from './reflector.js';

const missingDelay = 10_000;
const unreachableGrowth = 1.25;

/** What keeps a reflector from its work. */
export interface Trouble {
  /** There is none any more. */
  end(): void;
  /** The watch works: a list, and a cut, are ordinary again. */
  progress(): void;
  /** Milliseconds to wait. The first expiry after progress asks for a new list at once; the first cut is no trouble yet. */
  begin(problem: Problem): number;
}

/** Decides how long to wait after a problem, tells the sink, and logs where a problem begins and where it ends. */
export function createTrouble({ resource, part, log, sink }: ReflectorOptions): Trouble {
  const backoff = createBackoff();
  const about = { resource: resourceName(resource), ...(part.namespace && { namespace: part.namespace }) };
  let current: Problem['kind'] | undefined;
  let isFirstCut = true;
  let hasWorked = false;
  let isFirstExpiry = true;

  function end(): void {
    if (current === undefined) return;
    current = undefined;
    sink.problem(undefined);
    log.info('A kind can be watched again', about);
  }

  /**
   * A cut after the watch has worked says nothing about the next watch, as where a proxy ends idle connections. To find nobody there costs
   * nobody anything, so those waits grow slowly: what follows an outage takes a fraction of its time. An answer after that is a new story.
   */
  function delayAfter({ kind, retryAfter }: Problem): number {
    if (kind === 'broken' && hasWorked) return backoff.shortest();
    if (kind === 'missing') return missingDelay;
    if (kind === 'unreachable') return backoff.next(unreachableGrowth);
    if (current === 'unreachable') backoff.reset();
    return Math.max(backoff.next(), retryAfter);
  }

  function tell({ kind, sentence }: Problem, delay: number): void {
    const fields = { ...about, retryInSeconds: Math.round(delay / 100) / 10 };
    if (kind === current) log.debug('A kind can still not be watched', { ...fields, problem: sentence });
    else log.error(sentence, 'A kind cannot be watched', fields);
    current = kind;
    sink.problem(sentence);
  }

  return {
    end,
    progress() {
      isFirstCut = true;
      hasWorked = true;
      isFirstExpiry = true;
      end();
    },
    begin(problem) {
      countWatchProblem(about.resource, problem.kind);
      if (problem.kind === 'expired' && isFirstExpiry) {
        isFirstExpiry = false;
        log.debug('The resource version is too old; the kind is listed anew', about);
        return 0;
      }
      const delay = delayAfter(problem);
      if (problem.kind === 'broken' && isFirstCut) log.debug(problem.sentence, about);
      else tell(problem, delay);
      isFirstCut = false;
      hasWorked = false;
      return delay;
    },
  };
}
