import { ConfigError } from '../errors.js';
import { type AnyResource, apiVersionOf, resourceName } from '../resource.js';
import type { CacheOptions, CacheScope } from './types.js';

/** What one reflector lists and watches. */
export interface Part {
  /** Absent: all namespaces, or the objects of the cluster. */
  readonly namespace?: string;
  /** Selectors for the query. */
  readonly labels?: string;
  readonly fields?: string;
}

/** What of a kind is cached, and how. */
export interface KindScope {
  /** They have no object in common. */
  readonly parts: readonly Part[];
  readonly transform?: CacheScope['transform'];
  readonly stripManagedFields: boolean;
  /** Milliseconds; 0: never. */
  readonly resyncEvery: number;
}

const tenHours = 10 * 60 * 60 * 1000;

/** The same for handles of the same kind in the same version that read the same of its objects. */
export const kindKey = (resource: AnyResource): string =>
  `${apiVersionOf(resource)}/${resource.plural}${resource.metadataOnly ? ' (metadata)' : ''}`;

/**
 * The scope of a kind. Each setting comes from the first that has it: the kind's namespace, the kind, the namespace, the cache. The
 * namespace `''` is all those that are not named. Settings of a kind hold for its metadata too, unless that has settings of its own. A
 * kind of the cluster has no namespaces; ConfigError where its own settings name some.
 */
export function scopeOf(resource: AnyResource, options: CacheOptions): KindScope {
  const own = ownScope(resource, options);
  if (!resource.namespaced && own.namespaces) throw namespacesOfCluster(resource);
  const transform = own.transform ?? options.transform;
  const names = resource.namespaced ? Object.keys(own.namespaces ?? options.namespaces ?? {}) : [];
  return {
    parts: names.length === 0 ? [partOf([own, options])] : names.map((name) => namedPart(name, names, own, options)),
    stripManagedFields: options.stripManagedFields ?? true,
    resyncEvery: checkedTime(own.resyncEvery ?? options.resyncEvery ?? tenHours),
    ...(transform && { transform }),
  };
}

function ownScope(resource: AnyResource, { byResource = [] }: CacheOptions): CacheScope {
  const whole: AnyResource = { ...resource, metadataOnly: false };
  const keys = [kindKey(resource), kindKey(whole)];
  const found = keys.map((key) => byResource.find(([each]) => kindKey(each) === key)?.[1]);
  return found.find((each) => each !== undefined) ?? {};
}

const namespacesOfCluster = (resource: AnyResource): ConfigError =>
  new ConfigError(
    `\`cache.byResource\` names namespaces for ${resourceName(resource)}, but they have none. hint: leave out \`namespaces\``,
  );

function checkedTime(resyncEvery: number): number {
  if (resyncEvery >= 0) return resyncEvery;
  throw new ConfigError(`\`cache.resyncEvery\` must be milliseconds from 0 on, but is ${resyncEvery}`);
}

type Selectors = { labels?: string; fields?: string };

function namedPart(name: string, names: readonly string[], own: CacheScope, options: CacheOptions): Part {
  const part = partOf([own.namespaces?.[name], own, options.namespaces?.[name], options]);
  if (name !== '') return { ...part, namespace: name };
  const others = names.filter((each) => each !== '').map((each) => `metadata.namespace!=${each}`);
  const fields = [...(part.fields ? [part.fields] : []), ...others].join(',');
  return { ...part, ...(fields && { fields }) };
}

function partOf(sources: readonly (Selectors | undefined)[]): Part {
  const labels = sources.find((each) => each?.labels !== undefined)?.labels;
  const fields = sources.find((each) => each?.fields !== undefined)?.fields;
  return { ...(labels && { labels }), ...(fields && { fields }) };
}

/** Whether objects of the namespace belong to one of the parts, selectors aside. */
export const coversNamespace = (parts: readonly Part[], namespace: string): boolean =>
  parts.some((part) => part.namespace === undefined || part.namespace === namespace);

/** Whether objects of the namespace belong to this very part, selectors aside. */
export function isOfPart(part: Part, parts: readonly Part[], namespace: string): boolean {
  if (part.namespace !== undefined) return part.namespace === namespace;
  return !parts.some((each) => each.namespace === namespace);
}
