import { ApiError, isMissingObject } from '../errors.js';
import { mergePatchOf } from '../mergepatch.js';
import { setControllerReference } from '../owners.js';
import { objectPath } from '../path.js';
import { apiVersionOf, type K8sObject, type Key, keyText, type Resource, resourceName } from '../resource.js';
import { type Caller, queryOf } from './call.js';
import { edited } from './edit.js';
import { createObjects } from './objects.js';
import { liveReader } from './reader.js';
import type { Settled } from './settled.js';
import type { CallOptions, Client, Reader } from './types.js';
import { sendPatch } from './writer.js';

/** What an `ensure` is asked for. */
interface Wish<T extends K8sObject> {
  readonly resource: Resource<T>;
  readonly key: Key;
  readonly edit: (draft: T) => void;
  readonly options: CallOptions & { owner?: K8sObject };
}

type Ensured<T> = { object: T; result: 'unchanged' | 'created' | 'updated' };

/**
 * `Client.ensure`. Guarantees: at most one write, or two after a race with another writer; an edit that leaves out what the API server
 * fills in is sent once for each real change.
 */
export function createEnsure(caller: Caller, reader: Reader, settled: Settled): Client['ensure'] {
  return async (resource, key, edit, options = {}) => {
    const wish = { resource, key, edit, options };
    try {
      return await pass(caller, wish, reader, settled);
    } catch (error) {
      if (!isRace(error)) throw error;
      return pass(caller, wish, liveReader(caller), settled);
    }
  };
}

/** The object has come, gone or changed since it was read. */
const isRace = (error: unknown): boolean =>
  isMissingObject(error) || (error instanceof ApiError && (error.isAlreadyExists || error.isConflict));

async function pass<T extends K8sObject>(
  caller: Caller,
  wish: Wish<T>,
  reader: Reader,
  settled: Settled,
): Promise<Ensured<T>> {
  const { resource, key, options } = wish;
  const signal = options.signal ?? caller.defaults.signal;
  const before = await reader.get(resource, key, signal && { signal });
  const draft = draftOf(wish, before);
  if (before === undefined) {
    const object = await createObjects(caller).create(resource, draft, options);
    remember(caller, wish, settled, [draft, object]);
    return { object, result: 'created' };
  }
  const body = mergePatchOf(before, draft);
  if (body === undefined || settled.isSettled(idOf(wish, before), body, before))
    return { object: before, result: 'unchanged' };
  const at = { path: objectPath(resource, key), resource };
  const object = await sendPatch<T>(caller, at, { type: 'merge', body }, options);
  remember(caller, wish, settled, [body, object]);
  return { object, result: 'updated' };
}

function draftOf<T extends K8sObject>({ resource, key, edit, options }: Wish<T>, before: T | undefined): T {
  const fresh = { apiVersion: apiVersionOf(resource), kind: resource.kind, metadata: { ...key } } as T;
  const draft = edited(before ?? fresh, edit);
  if (options.owner) setControllerReference(options.owner, draft);
  return draft;
}

/** A dry run stores nothing. */
function remember<T extends K8sObject>(
  caller: Caller,
  wish: Wish<T>,
  settled: Settled,
  [sent, object]: readonly [sent: unknown, object: T],
): void {
  if (!queryOf(caller, wish.options).dryRun) settled.remember(idOf(wish, object), sent, object);
}

const idOf = <T extends K8sObject>({ resource, key }: Wish<T>, object: T): string =>
  `${resourceName(resource)}/${resource.version} ${keyText(key)} ${object.metadata?.uid}`;
