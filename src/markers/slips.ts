import { nearest } from '../nearest.js';
import { findMarker, findTag, markerNames, tagNames } from './registry.js';
import { parentOf, suggestMarker } from './suggest.js';

const prefixes = ['kubebuilder', 'k8s', 'opgen', 'operator-sdk'] as const;

const plainNames = markerNames.filter((name) => !name.includes(':'));

/**
 * The marker or tag, with its sign, that a name without a prefix of opgen's is nearly: the prefix is misspelt or forgotten, a tag is written as a
 * marker, or a letter is wrong. Nothing for names of other tools and for text.
 */
export function nearMarker(name: string, spelling: '+' | '@'): string | undefined {
  if (!/^[A-Za-z][\w-]*(:[\w.-]+)*$/.test(name) || otherMarkers.has(name)) return undefined;
  if (name.includes(':')) return withPrefix(name, spelling);
  if (spelling === '+' && findTag(name) && !findMarker(name)) return `@${name}`;
  const near = name.length < 5 ? undefined : nearest(name, plainNames);
  return near && spelling + near;
}

function withPrefix(name: string, spelling: '+' | '@'): string | undefined {
  const [first, ...rest] = name.split(':');
  const prefix = nearest(first!, prefixes);
  const written = [prefix, ...rest].join(':');
  const meant = prefix === undefined ? forgotten(name) : (known(written) ?? suggestMarker(written));
  return meant && spelling + meant;
}

const known = (name: string): string | undefined => [name, parentOf(name)].find((each) => findMarker(each));

/** `+rbac:groups=…`, `+validation:Minimum=1` */
function forgotten(name: string): string | undefined {
  const wanted = [name, parentOf(name)].map((each) => `:${each}`);
  return markerNames.find((each) => wanted.some((end) => each.endsWith(end)));
}

/** Markers of other tools that are the names of tags, or near to a marker of opgen's. */
const otherMarkers: ReadonlySet<string> = new Set(
  'enum union patchMergeKey patchStrategy protobuf genclient build'.split(' '),
);

/** The tag that a name is nearly, if neither JSDoc nor TSDoc has it: it may be another tool's after all. */
export function nearTag(name: string): string | undefined {
  return name.length < 5 || documentationTags.has(name) ? undefined : nearest(name, tagNames);
}

/** Whether a name is hardly anything but a tag of opgen's, with or without a slip. */
export const isTagOrSlip = (name: string): boolean =>
  tagNames.some((each) => each.toLowerCase() === name.toLowerCase()) || nearTag(name) !== undefined;

/** The tags of JSDoc and TSDoc that are near to one of opgen's, or could come to be. */
const documentationTags: ReadonlySet<string> = new Set(
  `abstract access alias alpha async augments author beta borrows callback class classdesc constant constructs copyright decorator
  defaultValue description enum event eventProperty experimental exports extends external file fires function generator global hidden
  hideconstructor ignore implements inheritDoc inner instance interface internal label lends license link listens member memberof mixes mixin
  module name namespace override package packageDocumentation param privateRemarks private property protected public readonly remarks
  requires returns return satisfies sealed see since static summary template this throws todo tutorial typedef typeParam variation version
  virtual yields`.split(/\s+/),
);
