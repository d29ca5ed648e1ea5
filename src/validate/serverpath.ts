import type { JsonObject } from '../json.js';
import { canonicalJson, memberAt, objectAt } from '../json.js';
import type { Path } from './rule.js';
import { stepsOf } from './rule.js';
import { versions } from './versions.js';

/** Parts of versions that the server moves to the spec while all versions agree on them, and what it calls them there. */
const hoisted: Readonly<Record<string, readonly string[]>> = {
  schema: ['validation'],
  subresources: ['subresources'],
  additionalPrinterColumns: ['additionalPrinterColumns'],
  selectableFields: ['selectableFields'],
};

/**
 * The server's names for places of the CRD: it converts to an internal form first, where what all versions have in common stands in
 * the spec. `properties` are indexed, and some fields have other names. The CRD must not change between the calls.
 */
export function serverPaths(crd: JsonObject): (path: Path) => string {
  const known = new Map<string, boolean>();
  const shared = (name: string): boolean => {
    const is = known.get(name) ?? isShared(crd, name);
    known.set(name, is);
    return is;
  };
  return (path) => textOf(renamed(shared, stepsOf(path)));
}

type Steps = readonly (string | number)[];

function renamed(isShared: (name: string) => boolean, steps: Steps): Steps {
  const [spec, part, ...rest] = steps;
  if (spec !== 'spec') return steps;
  if (part === 'conversion' && rest[0] === 'webhook') return [spec, part, ...conversion(rest.slice(1))];
  if (part !== 'versions' || typeof rest[1] !== 'string') return steps;
  const [index, name, ...inner] = rest as [number, string, ...(string | number)[]];
  const below =
    name === 'additionalPrinterColumns' ? inner.map((key) => (key === 'jsonPath' ? 'JSONPath' : key)) : inner;
  const shared = Object.hasOwn(hoisted, name) && isShared(name) ? hoisted[name] : undefined;
  return shared ? [spec, ...shared, ...below] : [spec, part, index, name, ...below];
}

const conversion = ([key, ...rest]: Steps): Steps =>
  key === undefined || key === 'clientConfig' ? ['webhookClientConfig', ...rest] : [key, ...rest];

/** Whether all versions agree on the part. A schema that is missing is missed where it belongs. */
export function isShared(crd: JsonObject, name: string): boolean {
  const all = versions(crd);
  if (name === 'schema' && !all.some(({ value }) => objectAt(memberAt(value, name), 'openAPIV3Schema'))) return false;
  const values = all.map(({ value }) => canonicalJson(memberAt(value, name) ?? null));
  return values.every((value) => value === values[0]);
}

/** Keys of `properties` and `annotations` stand in brackets, whatever they are. */
function textOf(steps: Steps): string {
  let text = '';
  let isKey = false;
  for (const step of steps) {
    const bracketed: boolean = isKey || typeof step === 'number';
    text += bracketed ? `[${step}]` : `.${step}`;
    isKey = !bracketed && (step === 'properties' || step === 'annotations');
  }
  return text.slice(1);
}
