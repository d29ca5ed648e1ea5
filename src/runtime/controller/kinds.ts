import { nearest } from '../../nearest.js';
import { ConfigError } from '../errors.js';
import type { AnyResource } from '../resource.js';

/** Concurrency by kind: `Deployment.apps`, or `Pod` for the core group. The version does not count. */
export type KindConcurrency = Readonly<Record<string, number>>;

/** How a kind is called among the keys of a KindConcurrency. */
export const kindKey = ({ group, kind }: Pick<AnyResource, 'group' | 'kind'>): string =>
  group === '' ? kind : `${kind}.${group}`;

/** The number for a kind; undefined where it has none. */
export const concurrencyOf = (kinds: KindConcurrency, resource: AnyResource): number | undefined =>
  Object.hasOwn(kinds, kindKey(resource)) ? kinds[kindKey(resource)] : undefined;

/** Throws ConfigError with all that are no counts. */
export function checkKindConcurrency(kinds: KindConcurrency): void {
  const wrong = Object.entries(kinds).filter(([, count]) => !Number.isInteger(count) || count < 1);
  if (wrong.length === 0) return;
  const facts = wrong.map(
    ([key, count]) => `\`${key}\` has ${typeof count === 'number' ? count : JSON.stringify(count)}`,
  );
  throw new ConfigError(`\`kindConcurrency\` must have whole numbers from 1 on, but ${facts.join(' and ')}`);
}

/** Throws ConfigError with all that are about none of the kinds, which are those of the controllers. */
export function checkKinds(kinds: KindConcurrency, controlled: readonly AnyResource[]): void {
  const known = [...new Set(controlled.map(kindKey))];
  const unknown = Object.keys(kinds).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  const there =
    known.length === 0 ? 'there are no controllers' : `the controllers are for ${known.map(quoted).join(', ')}`;
  const near = nearest(unknown[0] ?? '', known);
  const hint = near === undefined ? '' : `. hint: did you mean ${quoted(near)}?`;
  throw new ConfigError(
    `\`kindConcurrency\` must name kinds that have a controller, but has ${unknown.map(quoted).join(', ')}, and ${there}${hint}`,
  );
}

const quoted = (key: string): string => `\`${key}\``;
