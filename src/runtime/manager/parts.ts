import { checkController, controllerName } from '../controller/define.js';
import type { AnyController, ControllerOptions } from '../controller/types.js';
import type { Runnable } from './types.js';

/** What was added to a manager. */
export interface Parts {
  /** With the defaults filled in. */
  readonly controllers: readonly AnyController[];
  /** Throws for what is neither a controller nor a runnable, for a name that is taken, and for a controller that comes too late. */
  add(part: AnyController | Runnable): void;
  /** From now on controllers are refused. */
  close(): void;
  /** Starts all runnables, and later ones at once. */
  startRunnables(start: (runnable: Runnable) => void): void;
  /** From now on runnables are refused too. */
  end(): void;
}

export function createParts(defaults: ControllerOptions): Parts {
  const controllers: AnyController[] = [];
  const runnables: Runnable[] = [];
  let isClosed = false;
  let take = (runnable: Runnable): void => void runnables.push(runnable);

  const addController = (c: AnyController): void => {
    checkController(c);
    const name = controllerName(c);
    if (isClosed) throw new Error(`Controller \`${name}\` must be added before the start, but the manager has started`);
    if (controllers.some((each) => controllerName(each) === name)) {
      throw new TypeError(
        `The names of controllers must be unique, but two are called \`${name}\`: give one a \`name\``,
      );
    }
    controllers.push(withDefaults(c, defaults));
  };

  return {
    controllers,
    add(part) {
      if (isController(part)) addController(part);
      else if (typeof part?.start === 'function') take(part);
      else throw new TypeError('A part of a manager must be a controller or have a function `start`, but is neither');
    },
    close() {
      isClosed = true;
    },
    startRunnables(start) {
      take = start;
      runnables.forEach(start);
    },
    end() {
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
