import type { Logger } from '../log.js';
import { type AnyResource, type Key, keyText } from '../resource.js';
import type { SourceQueue } from './types.js';

type AddOptions = NonNullable<Parameters<SourceQueue['add']>[1]>;

/**
 * What sources get for a queue of keys of `resource`; `add` puts one in.
 *
 * Guarantees: never throws. A key that names no object is logged and dropped; a number that is none is logged and left out. The namespace
 * that a source gives to an object of the cluster is dropped, so that one object never has two keys.
 */
export function checkedQueue(
  resource: AnyResource,
  add: (key: string, o: AddOptions) => void,
  log: Logger,
): SourceQueue {
  return {
    add(key, o = {}) {
      const mistake = mistakeIn(key, resource);
      if (mistake !== undefined) return log.error(mistake, 'A source enqueues a key that no object can have', { key });
      add(keyText(resource.namespaced ? key : { name: key.name }), numbersOf(o, log));
    },
  };
}

function mistakeIn(key: Key | undefined, { kind, namespaced }: AnyResource): string | undefined {
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
  if (!isText(key?.name)) return `A key must have a \`name\`, but it is ${JSON.stringify(key?.name)}`;
  if (namespaced && !isText(key?.namespace))
    return `A key of a ${kind} must have a \`namespace\`, but it is ${JSON.stringify(key?.namespace)}`;
  return undefined;
}

/** Infinity would keep the key back for ever, and no order can be told of NaN. */
function numbersOf(o: AddOptions, log: Logger): AddOptions {
  const wrong = (['after', 'priority'] as const).filter((option) => !Number.isFinite(o[option] ?? 0));
  if (wrong.length === 0) return o;
  for (const option of wrong)
    log.error(`\`${option}\` must be a number, but is ${String(o[option])}`, 'A source enqueues with a wrong option');
  return Object.fromEntries(Object.entries(o).filter(([option]) => !(wrong as string[]).includes(option)));
}
