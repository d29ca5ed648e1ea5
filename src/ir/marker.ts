import type { Diagnostic, Position } from '../diagnostics.js';
import type { Schema } from './schema.js';

/** Where a marker may stand: a file of a directory, a type, a property. */
export type Target = 'package' | 'type' | 'field';

/**
 * How the text of an argument becomes a value. `parse` gives the value or says what it expected, as the end of a sentence
 * (`a number, but got \`x\``), and where in the text.
 */
export interface Arg<V> {
  /** Shown in the reference: `number`, `string`, `list of string`, … */
  readonly type: string;
  readonly optional: boolean;
  /** The named arguments of a record, in the order of the reference. */
  readonly fields?: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[];
  parse(text: string): { readonly value: V } | { readonly expected: string; readonly offset?: number };
}

/** The constant is the key: `markers.all(rbacRule)` is typed by its definition. */
export interface MarkerDef<V> {
  /** As kubebuilder writes it, without `+`: `kubebuilder:validation:Minimum`. */
  readonly name: string;
  /** Other names with the same meaning: `k8s:minimum`. */
  readonly aliases?: readonly string[];
  /**
   * JSDoc tag with the same meaning, its name without `@`. `args` may differ: a tag takes raw text where the marker takes quoted text.
   * `targets` may be wider: JSDoc knows `@deprecated` on a property, where it has no effect.
   */
  readonly tag?: {
    readonly name: string;
    readonly args?: Arg<V>;
    readonly targets?: readonly Target[];
    readonly example: string;
  };
  readonly targets: readonly Target[];
  /** Of types, only a kind may have it. */
  readonly kindOnly?: boolean;
  readonly args: Arg<V>;
  readonly summary: string;
  /** A whole marker, as it would be typed. */
  readonly example: string;
  readonly repeatable?: boolean;
  /** Order of application: type (what the node is), value (the default), rule; source order within each. */
  readonly phase?: 'type' | 'value' | 'rule';
  /** May stand on the elements of a list or map: `kubebuilder:validation:items:X`, `@items.x`, `@values.x`. */
  readonly elements?: boolean;
  /** `subject`: what messages call the node, such as `` `size` ``. */
  applyToSchema?(schema: Schema, value: V, at: Position, subject: string): Schema | Diagnostic;
}

/** A marker of the source, parsed. */
export interface Marker<V = unknown> {
  readonly def: MarkerDef<V>;
  readonly value: V;
  readonly at: Position;
  /** The name as it was typed, with `+` or `@`, for messages. */
  readonly spelled?: string;
  /** The elements that it applies to, from outside to inside; absent for the node itself. */
  readonly path?: readonly ('items' | 'values')[];
}

/** Markers in source order. */
export interface MarkerSet {
  readonly list: readonly Marker[];
  all<V>(def: MarkerDef<V>): readonly { readonly value: V; readonly at: Position }[];
}

export function markerSet(list: readonly Marker[]): MarkerSet {
  return {
    list,
    all<V>(def: MarkerDef<V>) {
      return list.filter((each): each is Marker<V> => each.def.name === def.name && !each.path);
    },
  };
}

export const noMarkers: MarkerSet = markerSet([]);
