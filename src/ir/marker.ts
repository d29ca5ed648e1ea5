import type { Diagnostic, Position } from '../diagnostics.js';
import type { Schema } from './schema.js';

/** Where a marker may stand: a file of a directory, a type, a property. */
export type Target = 'package' | 'type' | 'field';

/** The end of a sentence about a text, `a number, but got \`x\``, where in the text, and the word that was meant, if one is near. */
export interface Complaint {
  readonly expected: string;
  readonly offset?: number;
  readonly meant?: string;
}

/** How the text of an argument becomes a value. `parse` gives the value, with what is doubtful about its text, or what it expected. */
export interface Arg<V> {
  /** Shown in the reference: `number`, `string`, `list of string`, … */
  readonly type: string;
  readonly optional: boolean;
  /** The named arguments of a record, in the order of the reference. */
  readonly fields?: readonly NamedArg[];
  parse(text: string): { readonly value: V; readonly doubts?: readonly Complaint[] } | Complaint;
}

export interface NamedArg {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  /** What it means, for the reference. */
  readonly about?: string;
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
  /** What is wrong with the value on a target, where the targets differ in it. */
  problemsOn?(value: V, target: Target, at: Position): readonly Diagnostic[];
  /** `subject`: what messages call the node, such as `` `size` ``. */
  applyToSchema?(schema: Schema, value: V, at: Position, subject: string): Schema | Diagnostic | readonly Diagnostic[];
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
  /** What is doubtful about its text: warnings. */
  readonly doubts?: readonly Diagnostic[];
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
