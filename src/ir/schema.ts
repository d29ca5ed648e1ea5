import type { Position } from '../diagnostics.js';
import type { MarkerSet } from './marker.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One entry of x-kubernetes-validations. */
export interface CelRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** Raw JSON, carried word for word: value validation that no kind of node expresses. */
export interface Junctors {
  readonly oneOf?: readonly Json[];
  readonly anyOf?: readonly Json[];
  readonly allOf?: readonly Json[];
  readonly not?: Json;
}

export interface Common {
  readonly title?: string;
  readonly description?: string;
  readonly externalDocs?: { readonly url: string; readonly description?: string };
  readonly example?: Json;
  readonly default?: Json;
  /** In source order. */
  readonly enum?: readonly Json[];
  readonly nullable?: boolean;
  readonly preserveUnknown?: boolean;
  readonly embeddedResource?: boolean;
  readonly junctors?: Junctors;
  readonly rules?: readonly CelRule[];
  /** The source was refused here and is reported: whatever else is wrong with this node follows from that. */
  readonly refused?: true;
  readonly at: Position;
}

export interface Text {
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface Properties {
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly mapType?: 'granular' | 'atomic';
}

/** A closed union; every node is immutable and knows the place in the source that it comes from. */
export type Schema = Common &
  (
    | ({ readonly kind: 'string'; readonly format?: string } & Text)
    | {
        readonly kind: 'integer' | 'number';
        readonly format?: string;
        readonly minimum?: number;
        readonly maximum?: number;
        readonly exclusiveMinimum?: boolean;
        readonly exclusiveMaximum?: boolean;
        readonly multipleOf?: number;
      }
    | { readonly kind: 'boolean' }
    | ({ readonly kind: 'intOrString' } & Text)
    /** No `type`: any JSON. */
    | { readonly kind: 'any' }
    | {
        readonly kind: 'array';
        readonly items: Schema;
        readonly minItems?: number;
        readonly maxItems?: number;
        readonly uniqueItems?: boolean;
        readonly listType?: 'atomic' | 'set' | 'map';
        readonly mapKeys?: readonly string[];
      }
    | ({ readonly kind: 'map'; readonly values: Schema } & Properties)
    /** `unions`: what the variants of discriminated unions demand beyond the merged `fields`. */
    | ({ readonly kind: 'object'; readonly fields: readonly Field[]; readonly unions?: readonly Union[] } & Properties)
    /** `type`: a key of the table of built-in types, such as `V1PodTemplateSpec`. */
    | { readonly kind: 'builtin'; readonly type: string; readonly minProperties?: number }
  );

export type ObjectSchema = Extract<Schema, { kind: 'object' }>;

/** The value of `discriminator` says which variant an object is. */
export interface Union {
  readonly discriminator: string;
  readonly variants: readonly Variant[];
}

/** One of several forms of an object, as it is declared by itself. */
export interface Variant {
  /** The values of the discriminator, in source order. */
  readonly values: readonly (string | number | boolean)[];
  readonly schema: ObjectSchema;
}

/** `required` follows the `?` of the property; a marker that says otherwise overrides it with a warning. */
export interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly schema: Schema;
  readonly markers: MarkerSet;
}

/** How a node is called in messages. */
export function describeSchema(schema: Schema): string {
  switch (schema.kind) {
    case 'integer':
      return 'an integer';
    case 'array':
      return 'a list';
    case 'object':
      return 'an object';
    case 'map':
      return 'a map';
    case 'intOrString':
      return 'an int-or-string';
    case 'any':
      return 'any JSON';
    case 'builtin':
      return `the built-in type ${schema.type}`;
    default:
      return `a ${schema.kind}`;
  }
}
