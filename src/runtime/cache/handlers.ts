import { setImmediate } from 'node:timers/promises';
import type { Event } from '../event.js';
import type { Logger } from '../log.js';
import { countUserError } from '../metrics/usercode.js';
import { type K8sObject, keyOf, keyText } from '../resource.js';

type Handler<T> = (event: Event<T>) => unknown;

/** Who wants to know of changes. What a handler throws, or rejects with, is logged with the key, and the others go on. */
export interface Handlers<T> {
  /** Calls the handler with each of the objects, then adds it. Returns what removes it. */
  add(handler: Handler<T>, objects: Iterable<T>): () => void;
  send(events: readonly Event<T>[]): void;
  /**
   * Gives the event loop a turn now and then. A handler that is added meanwhile gets none of these events: it saw the objects when it was
   * added. Stops when the signal aborts.
   */
  sendAll(events: readonly Event<T>[], signal: AbortSignal): Promise<void>;
}

const atOnce = 500;

export function createHandlers<T extends K8sObject>(log: Logger): Handlers<T> {
  const handlers = new Set<{ readonly handle: Handler<T> }>();

  function call(handle: Handler<T>, event: Event<T>): void {
    const failed = (error: unknown): void => {
      countUserError('handler');
      log.error(error, 'A handler of events failed', { event: event.type, key: keyText(keyOf(event.object)) });
    };
    try {
      const result = handle(event);
      if (result instanceof Promise) result.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  return {
    add(handle, objects) {
      const entry = { handle };
      for (const object of [...objects]) call(handle, { type: 'create', object, initial: true });
      handlers.add(entry);
      return () => {
        handlers.delete(entry);
      };
    },
    send(events) {
      for (const event of events) for (const { handle } of [...handlers]) call(handle, event);
    },
    async sendAll(events, signal) {
      const receivers = [...handlers];
      for (const [index, event] of events.entries()) {
        if (index > 0 && index % atOnce === 0) await setImmediate();
        if (signal.aborted) return;
        for (const entry of receivers) if (handlers.has(entry)) call(entry.handle, event);
      }
    },
  };
}
