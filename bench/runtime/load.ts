import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../../src/runtime/client/index.js';
import type { Client } from '../../src/runtime/client/types.js';
import { defineResource } from '../../src/runtime/index.js';
import type { Envtest } from '../../src/testing/index.js';
import { group, type Memcached, nameOf, namespace, stampAnnotation, version, wanted } from './objects.js';
import type { Running } from './operators.js';

export const memcacheds = defineResource<Memcached>({ group, version, kind: 'Memcached' });

/** What makes and changes objects on an API server. */
export interface Load {
  readonly client: Client;
  /** Exactly the objects with the numbers 0 to `count` - 1 exist from then on. */
  objects(count: number): Promise<void>;
  /** Stamps an object with the time; resolves with the stamp. */
  touch(index: number): Promise<string>;
  /** Stamps one object after the other, of the first `objects`. */
  pace(perSecond: number, seconds: number, objects: number): Promise<void>;
}

export function createLoad({ cluster }: Envtest): Load {
  const client = createClient({ cluster });
  let existing = 0;

  async function touch(index: number): Promise<string> {
    const stamp = process.hrtime.bigint().toString();
    const body = { metadata: { annotations: { [stampAnnotation]: stamp } } };
    await client.patch(memcacheds, { metadata: { name: nameOf(index), namespace } }, { type: 'merge', body });
    return stamp;
  }

  return {
    client,
    touch,
    async objects(count) {
      for (; existing > count; existing--) await client.delete(memcacheds, { name: nameOf(existing - 1), namespace });
      while (existing < count) {
        const next = Array.from({ length: Math.min(16, count - existing) }, (_, index) => wanted(existing + index));
        await Promise.all(next.map((object) => client.create(memcacheds, object)));
        existing += next.length;
      }
    },
    async pace(perSecond, seconds, objects) {
      const began = performance.now();
      const under = new Set<Promise<unknown>>();
      for (let number = 0; number < perSecond * seconds; number++) {
        const wait = began + (number * 1000) / perSecond - performance.now();
        if (wait > 0) await sleep(wait);
        const call = touch(number % objects).finally(() => under.delete(call));
        under.add(call);
      }
      await Promise.all(under);
    },
  };
}

/** Resolves when nothing has been reconciled for half a second. */
export async function settled(operator: Running): Promise<void> {
  for (let before = -1, calm = 0; calm < 5; ) {
    await sleep(100);
    const { reconciles } = await operator.progress();
    calm = reconciles === before ? calm + 1 : 0;
    before = reconciles;
  }
}
