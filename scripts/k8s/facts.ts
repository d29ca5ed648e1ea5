import { readFileSync } from 'node:fs';
import type { Json } from '../../src/ir/schema.js';
import type { BuiltinSchema } from '../../src/k8s/table.js';
import { isNode, type Node } from './fold.js';
import { splitType } from './models.js';

/** Keywords of a schema that client-node's declarations do not give; null takes one away. */
export type Facts = { readonly [keyword: string]: Json };

/**
 * Facts and what they hold for: a type (`LabelSelector`) or a field (`Container.env`), in Go's names for every version and group that has
 * it, or in client-node's (`V1beta1Container.env`) where the versions differ. Each place stands once.
 */
export type Overlay = readonly { readonly facts: Facts; readonly of: readonly string[] }[];

/** The reviewed overlay. It was made from what controller-gen says of the Go types, by `scripts/k8s/controller-gen.ts`. */
export const readOverlay = (): Overlay =>
  JSON.parse(readFileSync(new URL('overlay.json', import.meta.url), 'utf8')) as Overlay;

/** The schemas with the facts of an overlay. */
export function withFacts(
  types: { readonly [type: string]: BuiltinSchema },
  overlay: Overlay,
): { [type: string]: BuiltinSchema } {
  const places = new Map(overlay.flatMap(({ facts, of }) => of.map((place) => [place, facts] as const)));
  const at = (schema: Node, type: string, suffix: string): Node => {
    const facts = places.get(type + suffix) ?? places.get(splitType(type).name + suffix);
    return facts ? patched(schema, facts) : schema;
  };
  const changed = Object.entries(types).map(([type, schema]) => {
    const own = at(schema, type, '');
    if (!isNode(own.properties)) return [type, own] as const;
    const fields = Object.entries(own.properties).map(([name, each]) => [name, at(each as Node, type, `.${name}`)]);
    return [type, { ...own, properties: Object.fromEntries(fields) as Node }] as const;
  });
  return Object.fromEntries(changed);
}

function patched(schema: Node, facts: Facts): Node {
  return Object.fromEntries(Object.entries({ ...schema, ...facts }).filter(([, value]) => value !== null));
}

/**
 * The overlay that makes of `types` what `expected` says. The schemas of `expected` have no `$ref`, and may lack types: of these nothing is
 * known. Throws if they differ in what an overlay cannot say.
 */
export function overlayBetween(
  types: { readonly [type: string]: BuiltinSchema },
  expected: { readonly [type: string]: Node },
): Overlay {
  const places = new Map<string, Map<string, string>>();
  const note = (type: string, suffix: string, facts: Facts): void => {
    const place = splitType(type).name + suffix;
    places.set(place, (places.get(place) ?? new Map<string, string>()).set(type + suffix, JSON.stringify(facts)));
  };
  for (const [type, schema] of Object.entries(expected)) {
    const own = types[type]!;
    note(type, '', difference(type, own, schema));
    for (const [name, field] of Object.entries((own.properties ?? {}) as Node)) {
      const wanted = (schema.properties as Node | undefined)?.[name];
      if (!isNode(field) || !isNode(wanted)) throw new Error(`${type}.${name} must be on both sides`);
      const base = typeof field.$ref === 'string' ? (expected[field.$ref] ?? types[field.$ref]!) : field;
      note(type, `.${name}`, difference(`${type}.${name}`, base, wanted));
    }
  }
  return grouped(places);
}

/** What stands below a schema has facts of its own. */
const below: ReadonlySet<string> = new Set(['description', 'properties', 'items', 'additionalProperties']);

function difference(place: string, own: Node, expected: Node): Facts {
  const keywords = [...new Set([...Object.keys(own), ...Object.keys(expected)])].sort();
  const differing = keywords.filter((key) => JSON.stringify(own[key]) !== JSON.stringify(expected[key]));
  const unfit = differing.find((key) => below.has(key) && key in own !== key in expected && key !== 'description');
  if (unfit) throw new Error(`${place} must have \`${unfit}\` on both sides`);
  return Object.fromEntries(differing.filter((key) => !below.has(key)).map((key) => [key, expected[key] ?? null]));
}

/** One entry for equal facts, the most frequent first; one name for versions that agree. */
function grouped(places: ReadonlyMap<string, ReadonlyMap<string, string>>): Overlay {
  const byFacts = new Map<string, string[]>();
  for (const [place, versions] of places) {
    const agree = new Set(versions.values()).size === 1;
    for (const [name, facts] of agree ? [[place, [...versions.values()][0]!] as const] : versions) {
      if (facts !== '{}') byFacts.set(facts, [...(byFacts.get(facts) ?? []), name]);
    }
  }
  return [...byFacts]
    .sort(([a, of], [b, others]) => others.length - of.length || (a < b ? -1 : 1))
    .map(([facts, of]) => ({ facts: JSON.parse(facts) as Facts, of: of.sort() }));
}
