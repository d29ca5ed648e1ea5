import { checkController, controllerName } from '../controller/define.js';
import { checkKindConcurrency, checkKinds, concurrencyOf } from '../controller/kinds.js';
import type { AnyController, ControllerOptions, SharedControllerOptions } from '../controller/types.js';
import type { Runnable } from './types.js';

/** What was added to a manager. */
export interface Parts {
  /** With the defaults filled in. */
  readonly controllers: readonly AnyController[];
  /** Throws for what is neither a controller nor a runnable, for a name that is taken, and for a controller that comes too late. */
  add(part: AnyController | Runnable): void;
  /** From now on controllers are refused. Throws ConfigError for a concurrency of a kind that none is for. */
  close(): void;
  /** Starts the runnables that need the lease, or those that do not; later ones at once. */
  startRunnables(needLease: boolean, start: (runnable: Runnable) => void): void;
  /** From now on runnables are refused too. */
  end(): void;
}

/** Throws ConfigError for a concurrency that is no count. */
export function createParts({ kindConcurrency = {}, ...defaults }: SharedControllerOptions): Parts {
  checkKindConcurrency(kindConcurrency);
  const controllers: AnyController[] = [];
  let isClosed = false;
  const [leading, always] = [createWaiting(), createWaiting()];
  const of = (needLease: boolean): Waiting => (needLease ? leading : always);

  const ofKind = (c: AnyController): ControllerOptions => {
    const concurrency = concurrencyOf(kindConcurrency, c.for);
    return concurrency === undefined ? {} : { concurrency };
  };

  const addController = (c: AnyController): void => {
    checkController(c);
    const name = controllerName(c);
    if (isClosed) throw new Error(`Controller \`${name}\` must be added before the start, but the manager has started`);
    if (controllers.some((each) => controllerName(each) === name)) {
      throw new TypeError(
        `The names of controllers must be unique, but two are called \`${name}\`: give one a \`name\``,
      );
    }
    const complete = withDefaults(c, { ...defaults, ...ofKind(c) });
    checkController(complete);
    controllers.push(complete);
  };

  return {
    controllers,
    add(part) {
      if (isController(part)) addController(part);
      else if (typeof part?.start === 'function') of(needsLease(part)).take(part);
      else throw new TypeError('A part of a manager must be a controller or have a function `start`, but is neither');
    },
    close() {
      isClosed = true;
      checkKinds(
        kindConcurrency,
        controllers.map((each) => each.for),
      );
    },
    startRunnables(needLease, start) {
      of(needLease).begin(start);
    },
    end() {
      for (const each of [leading, always]) each.end();
    },
  };
}

/** Whether a part works in the leader alone. */
export const needsLease = ({ needLeaderElection = true }: Pick<Runnable, 'needLeaderElection'>): boolean =>
  needLeaderElection;

/** Runnables that wait for their start. */
interface Waiting {
  take(runnable: Runnable): void;
  /** Passes on what waits, and what comes from now on. */
  begin(start: (runnable: Runnable) => void): void;
  /** Drops what waits, and refuses what comes. */
  end(): void;
}

function createWaiting(): Waiting {
  const runnables: Runnable[] = [];
  let take = (runnable: Runnable): void => void runnables.push(runnable);
  return {
    take: (runnable) => take(runnable),
    begin(start) {
      take = start;
      for (const each of runnables.splice(0)) start(each);
    },
    end() {
      runnables.length = 0;
      take = () => {
        throw new Error('A runnable must be added before the manager stops, but it has stopped');
      };
    },
  };
}

const isController = (part: AnyController | Runnable): part is AnyController =>
  typeof part === 'object' && part !== null && 'for' in part;

/** A controller may be an instance of a class, so its options are filled in on an object that inherits from it. */
function withDefaults(c: AnyController, defaults: ControllerOptions): AnyController {
  const missing = Object.entries(defaults).filter(([option]) => c[option as keyof ControllerOptions] === undefined);
  return Object.assign(Object.create(c) as AnyController, Object.fromEntries(missing));
}
