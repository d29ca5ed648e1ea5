/** A struct type that is written in TypeScript for opgen and in Go for controller-gen. */
export interface Struct {
  readonly name: string;
  readonly summary: string;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly summary: string;
  readonly typescript: string;
  readonly go: string;
  /** Such as `Minimum=0`, `listType=map` and `default=1`: the last part of controller-gen's name, and the value. */
  readonly markers: readonly string[];
  /** What Go needs beside them: TypeScript has unions of literals. */
  readonly goMarkers?: readonly string[];
  /** Default: optional. */
  readonly required?: true;
}

/** API group of the kinds. */
export const group = 'bench.example.com';

/** Name of the kind at an index from 0: `Kind001`. */
export const kindName = (index: number): string => `Kind${String(index + 1).padStart(3, '0')}`;

/** What a kind says in both languages. */
export const kindMarkers: readonly string[] = [
  '+kubebuilder:subresource:status',
  '+kubebuilder:printcolumn:name=Phase,type=string,JSONPath=.status.phase',
  '+kubebuilder:printcolumn:name=Age,type=date,JSONPath=.metadata.creationTimestamp',
];
