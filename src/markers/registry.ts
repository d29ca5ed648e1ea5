import type { MarkerDef } from '../ir/marker.js';
import { crdMarkers } from './defs/crd.js';
import { csvMarkers } from './defs/csv.js';
import { docsMarkers } from './defs/docs.js';
import { packageMarkers } from './defs/package.js';
import { rbacMarkers } from './defs/rbac.js';
import { ruleMarkers } from './defs/rules.js';
import { shapeMarkers } from './defs/shape.js';
import { validationMarkers } from './defs/validation.js';
import { webhookMarkers } from './defs/webhook.js';

/** The definitions by subject, in the order of the reference. */
export const families: readonly { readonly title: string; readonly markers: readonly MarkerDef<unknown>[] }[] = [
  { title: 'Kinds and versions', markers: crdMarkers },
  { title: 'Limits', markers: validationMarkers },
  { title: 'Types, lists and maps', markers: shapeMarkers },
  { title: 'Presence, defaults and documentation', markers: docsMarkers },
  { title: 'CEL rules', markers: ruleMarkers },
  { title: 'Directories and declarations', markers: packageMarkers },
  { title: 'RBAC', markers: rbacMarkers },
  { title: 'Webhooks', markers: webhookMarkers },
  { title: 'Consoles of OLM', markers: csvMarkers },
];

/** Every marker that opgen knows. */
export const markers: readonly MarkerDef<unknown>[] = families.flatMap((family) => family.markers);

const byName = new Map(
  markers.flatMap((def) => [def.name, ...(def.aliases ?? [])].map((name) => [name, def] as const)),
);
const byTag = new Map(markers.flatMap((def) => (def.tag ? [[def.tag.name, def] as const] : [])));

/** By name or alias, without `+`. */
export const findMarker = (name: string): MarkerDef<unknown> | undefined => byName.get(name);

/** By the name of the JSDoc tag, without `@`. */
export const findTag = (name: string): MarkerDef<unknown> | undefined => byTag.get(name);

/** Names and aliases, in the order of the reference. */
export const markerNames: readonly string[] = [...byName.keys()];

/** Names of the JSDoc tags, without `@`. */
export const tagNames: readonly string[] = [...byTag.keys()];
