import { until } from '../abort.js';
import type { Client } from '../client/types.js';
import { metadataOnly } from '../define.js';
import type { Event } from '../event.js';
import type { Logger } from '../log.js';
import { countUserError } from '../metrics/usercode.js';
import { type AnyResource, groupOf, type K8sObject, type Key, keyOf, keyText, type Resource } from '../resource.js';
import { isCommand } from './commands.js';
import { checkResource } from './define.js';
import type { Predicate, Source, SourceContext } from './types.js';

/** What an object of the first list, or one that is the same as before, is enqueued at: behind all news. */
const lowPriority = -100;

/** Enqueues the objects of the kind themselves. Orders in their annotations pass, whatever `where` says. */
export const itself = <T extends K8sObject>(r: Resource<T>, where?: Predicate<T>): Source =>
  sourceOf(r, where && ((event) => isCommand(event) || where(event)), (object) => [keyOf(object)]);

/**
 * Enqueues the controller owner of each object, as the old and as the new object names it, if it is of the group and kind that the
 * controller reconciles; the version does not count. `everyOwner` enqueues every owner of that group and kind. `metadataOnly` watches
 * no more than the metadata, which suffices for this; reads of the kind from the cache have an informer of their own.
 */
export function owned<T extends K8sObject>(
  r: Resource<T>,
  { everyOwner = false, ...o }: { where?: Predicate<T>; everyOwner?: boolean; metadataOnly?: boolean } = {},
): Source {
  return sourceOf(watched(r, o), o.where, (object, { controllerFor }) => ownersOf(object, controllerFor, everyOwner));
}

/** Enqueues what `map` returns for the old and the new object, which are frozen; with `metadataOnly` they have no more than that. */
export function watch<T extends K8sObject>(
  r: Resource<T>,
  map: (obj: T, c: { client: Client }) => Key[] | Promise<Key[]>,
  o: { where?: Predicate<T>; metadataOnly?: boolean } = {},
): Source {
  return sourceOf(watched(r, o), o.where, (object, { client }) => map(object, { client }));
}

/** With `metadataOnly`, predicates and maps get objects without anything else. */
const watched = <T extends K8sObject>(r: Resource<T>, o: { metadataOnly?: boolean }): Resource<T> =>
  o.metadataOnly && r ? (metadataOnly(r) as unknown as Resource<T>) : r;

function ownersOf(object: K8sObject, { group, kind, namespaced }: AnyResource, everyOwner: boolean): Key[] {
  const { namespace, ownerReferences = [] } = object.metadata ?? {};
  const owners = ownerReferences.filter(
    (each) => each.kind === kind && groupOf(each.apiVersion) === group && (everyOwner || each.controller === true),
  );
  if (!namespaced) return owners.map(({ name }) => ({ name }));
  return namespace === undefined ? [] : owners.map(({ name }) => ({ name, namespace }));
}

type Mapping<T> = (object: T, context: SourceContext) => Key[] | Promise<Key[]>;

function sourceOf<T extends K8sObject>(r: Resource<T>, where: Predicate<T> | undefined, map: Mapping<T>): Source {
  checkResource(r, 'What a controller watches');
  return {
    async start(q, signal, context) {
      const informer = context.cache.informer(r);
      const keysFor = async (object: T): Promise<[text: string, key: Key][]> => {
        try {
          return (await map(object, context)).map((key) => [keyText(key), key]);
        } catch (error) {
          countUserError('map');
          context.log.error(error, 'A map failed for an event', placeOf(object));
          return [];
        }
      };
      /** A key twice would make two passes: an idle worker takes the first at once. */
      const enqueue = async (objects: readonly T[], priority: number): Promise<void> => {
        const found = await Promise.all(objects.map(keysFor));
        for (const key of new Map(found.flat()).values()) q.add(key, { priority });
      };
      const remove = informer.addHandler((event) => {
        if (signal.aborted || !passes(event, where, context.log)) return;
        void enqueue(
          event.type === 'update' ? [event.old, event.object] : [event.object],
          isNews(event) ? 0 : lowPriority,
        );
      });
      signal.addEventListener('abort', remove, { once: true });
      await until(informer.synced, signal);
    },
  };
}

function isNews<T extends K8sObject>(event: Event<T>): boolean {
  if (event.type === 'create') return !event.initial;
  return event.type !== 'update' || event.old.metadata?.resourceVersion !== event.object.metadata?.resourceVersion;
}

/** A predicate that fails lets the event pass: a reconcile too many is harmless, a lost one is not. */
function passes<T extends K8sObject>(event: Event<T>, where: Predicate<T> | undefined, log: Logger): boolean {
  try {
    return where === undefined || where(event);
  } catch (error) {
    countUserError('predicate');
    log.error(error, 'A predicate failed, so the event counts', placeOf(event.object));
    return true;
  }
}

const placeOf = ({ kind, metadata }: K8sObject): object => ({
  objectKind: kind,
  namespace: metadata?.namespace,
  name: metadata?.name,
});
