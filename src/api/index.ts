/**
 * Types for authors of APIs. Nothing in this module exists at run time.
 *
 * The scalars are flavoured: a plain number or string can be assigned, while opgen still reads the name and with it the format.
 */

type Flavour<Base, Name extends string> = Base & { readonly __opgen?: Name };

/** `type: integer, format: int32` */
export type Int32 = Flavour<number, 'int32'>;
/** `type: integer, format: int64` */
export type Int64 = Flavour<number, 'int64'>;
/** `type: number`. The API conventions advise against floating point in a spec. */
export type Float = Flavour<number, 'float'>;
/** `type: number`. The API conventions advise against floating point in a spec. */
export type Double = Flavour<number, 'double'>;
/** An amount such as `"100m"`, `"1Gi"` or `2`: int-or-string with the pattern of quantities. */
export type Quantity = Flavour<string, 'quantity'> | number;
/** A number or a string, such as a port or its name. */
export type IntOrString = number | string;
/** A duration as Go writes it, such as `"1h30m"`. */
export type Duration = Flavour<string, 'duration'>;
/** RFC 3339 with seconds: `"2030-01-02T03:04:05Z"`. */
export type Time = Flavour<string, 'time'>;
/** RFC 3339 with microseconds. */
export type MicroTime = Flavour<string, 'microtime'>;
/** Bytes in base64. */
export type Bytes = Flavour<string, 'bytes'>;
/** Any JSON value, kept as it is (`x-kubernetes-preserve-unknown-fields`). */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** Any JSON object, kept as it is. */
export type JsonObject = { [key: string]: Json };

/** The object that another one belongs to; with the last owner goes the object. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** Metadata of an object as on the wire; times are RFC 3339 strings. */
export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: object[];
}

/** A kind: extend it with the spec and, where the kind has one, the status. */
export interface CustomResource<Spec, Status = never> {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: Spec;
  status?: Status;
}

/** One aspect of the observed state of an object. A list of them has one entry for each `type`. */
export interface Condition {
  /**
   * The aspect, in CamelCase or as `domain/CamelCase`.
   * @maxLength 316
   * @pattern ^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$
   */
  type: string;
  /** Whether the aspect holds. */
  status: 'True' | 'False' | 'Unknown';
  /**
   * The `metadata.generation` that the condition was set for: with a smaller one than the object's, the condition is out of date.
   * @minimum 0
   */
  observedGeneration?: Int64;
  /** When `status` changed last. */
  lastTransitionTime: Time;
  /**
   * The cause of the last change, in CamelCase, for programs.
   * @minLength 1
   * @maxLength 1024
   * @pattern ^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$
   */
  reason: string;
  /**
   * Details of the last change, for people; may be empty.
   * @maxLength 32768
   */
  message: string;
}

/** A whole Kubernetes object of any kind (`x-kubernetes-embedded-resource`). */
export interface EmbeddedResource {
  apiVersion: string;
  kind: string;
  metadata?: ObjectMeta;
  [key: string]: unknown;
}
