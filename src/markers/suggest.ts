import { nearest } from '../nearest.js';
import { findMarker, markerNames } from './registry.js';

const itemsPrefix = 'kubebuilder:validation:items:';

/**
 * The name that was meant, for a marker that does not exist: the same in other letters, the same under another prefix, or a near one
 * under the same prefix. `name` may end in the name of an argument.
 */
export function suggestMarker(name: string): string | undefined {
  const whole = suggestName(name);
  if (whole !== undefined || !name.includes(':')) return whole;
  return suggestName(parentOf(name));
}

/** Elements of elements and values of maps are reached by tags alone: `@items.items.pattern` for `kubebuilder:validation:items:items:Pattern`. */
export function elementTag(name: string): string | undefined {
  const [, steps, word] = /^kubebuilder:validation:((?:(?:items|values):)+)(\w+)$/.exec(name) ?? [];
  const def = findMarker(`kubebuilder:validation:${word}`);
  if (!steps || steps === 'items:' || !def?.elements || !def.tag) return undefined;
  return `@${steps.replaceAll(':', '.')}${def.tag.name}`;
}

function suggestName(name: string): string | undefined {
  if (name.startsWith(itemsPrefix)) return suggestItems(name.slice(itemsPrefix.length));
  return sameLetters(name, (each) => each) ?? sameLetters(name, lastOf) ?? nearSibling(name);
}

function suggestItems(rest: string): string | undefined {
  const found = suggestName(`kubebuilder:validation:${rest}`);
  return found !== undefined && findMarker(found)?.elements ? itemsPrefix + lastOf(found) : undefined;
}

function sameLetters(name: string, part: (name: string) => string): string | undefined {
  const wanted = part(name).toLowerCase();
  return markerNames.find((each) => part(each).toLowerCase() === wanted && areRelated(each, name));
}

/** Only a name without a prefix is meant by one with another prefix. */
const areRelated = (known: string, name: string): boolean => !known.includes(':') || firstOf(known) === firstOf(name);

const firstOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf(':'))).toLowerCase();

function nearSibling(name: string): string | undefined {
  const siblings = markerNames.filter((each) => parentOf(each) === parentOf(name));
  const near = nearest(lastOf(name), siblings.map(lastOf));
  if (near !== undefined) return siblings.find((each) => lastOf(each) === near);
  return siblings.find((each) => sorted(lastOf(each)) === sorted(lastOf(name)));
}

/** Two letters that changed places are one slip of the finger, but two edits. */
const sorted = (word: string): string => [...word].sort().join('');

const lastOf = (name: string): string => name.slice(name.lastIndexOf(':') + 1);
/** The name without its last part: that of an argument, or of the marker itself. */
export const parentOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf(':')));
