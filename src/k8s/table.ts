import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../ir/schema.js';
import { packageRoot } from '../package.js';

/**
 * A schema of a built-in type: JSONSchemaProps, in which `{ $ref: 'V1Container' }` (with a description beside it, where there is
 * one) stands for another type of the table. Only V1JSONSchemaProps leads back to itself.
 */
export type BuiltinSchema = { readonly [key: string]: Json };

/** Made at build time by `scripts/k8s`. */
export interface BuiltinTable {
  /** Minor version of Kubernetes, `1.36`. */
  readonly kubernetes: string;
  /**
   * By the name of the type in @kubernetes/client-node: `V1PodTemplateSpec`. Keys are sorted. `IntOrString`, `Quantity` and
   * `V1MicroTime` are scalars; `V1ObjectMeta` is what a CRD may say about metadata inside of a spec: name, namespace, labels,
   * annotations, finalizers.
   */
  readonly types: { readonly [type: string]: BuiltinSchema };
  /**
   * What a module exports: `opgen/k8s` → `PodTemplateSpec` → `V1PodTemplateSpec`. Modules: `opgen/k8s`, `opgen/k8s/<group>/<version>`
   * and `@kubernetes/client-node`. `<group>` is the first label of the API group, as in Go's k8s.io/api: `networking/v1`, `rbac/v1`;
   * `core` for the empty group, `meta/v1` for the types that Go has there.
   */
  readonly exports: { readonly [module: string]: { readonly [name: string]: string } };
}

let table: BuiltinTable | undefined;

/** Reads the table on the first call (about 1 MB of JSON). */
export function builtinTable(): BuiltinTable {
  table ??= JSON.parse(readFileSync(join(packageRoot, 'dist/k8s/builtin.json'), 'utf8')) as BuiltinTable;
  return table;
}
