import type { Position } from '../diagnostics.js';
import type { MarkerSet } from './marker.js';
import type { ObjectSchema } from './schema.js';

/** A kind in one version. */
export interface Kind {
  /** The whole API group: `cache.example.com`. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The root object without apiVersion and kind: spec, status and what else the type declares, and limits on names in `metadata`. Its description is the kind's. */
  readonly schema: ObjectSchema;
  readonly markers: MarkerSet;
  /** The name in the declaration. */
  readonly at: Position;
  /** The file of the declaration and every file that it may take types from, relative to the root, sorted. */
  readonly files: readonly string[];
}

/** What the sources declare. `markers`: package level, such as RBAC rules, in source order. */
export interface Api {
  readonly kinds: readonly Kind[];
  /** Every file that was read for it, relative to the root, sorted: the scanned sources and what they import for types. */
  readonly files: readonly string[];
  readonly markers: MarkerSet;
  /** Absent: it was not read from sources. */
  readonly reading?: Reading;
}

/** What tells whether reading a part of the sources again says the same of them as reading all. Paths are relative to the root. */
export interface Reading {
  /** The names that made a source worth a search for kinds. */
  readonly names: readonly string[];
  /** The sources that were searched for kinds, each with the files that it may take types from. */
  readonly searched: { readonly [path: string]: readonly string[] };
  /** Files whose declarations others see without importing them. */
  readonly globals: readonly string[];
  /** Files that do not exist: with one of them, an import could mean another file. */
  readonly missing: readonly string[];
}
