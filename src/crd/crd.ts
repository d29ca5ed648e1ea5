import type { Position } from '../diagnostics.js';
import type { Json } from '../ir/schema.js';

/** JSONSchemaProps of apiextensions.k8s.io/v1, as JSON. */
export type JsonSchema = { readonly [key: string]: Json };

/** A CustomResourceDefinition of the API group apiextensions.k8s.io/v1. */
export interface CrdObject {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly group: string;
    readonly names: {
      readonly kind: string;
      readonly listKind: string;
      readonly plural: string;
      readonly singular: string;
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
    };
    readonly scope: 'Namespaced' | 'Cluster';
    readonly versions: readonly CrdVersion[];
  };
}

export interface CrdVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema: { readonly openAPIV3Schema: JsonSchema };
  readonly subresources?: {
    readonly status?: Record<string, never>;
    readonly scale?: {
      readonly specReplicasPath: string;
      readonly statusReplicasPath: string;
      readonly labelSelectorPath?: string;
    };
  };
  readonly additionalPrinterColumns?: readonly {
    readonly name: string;
    readonly type: string;
    readonly jsonPath: string;
    readonly description?: string;
    readonly format?: string;
    readonly priority?: number;
  }[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

/**
 * A CRD and where its parts come from. `positions`: a path such as `spec.versions[0].schema.openAPIV3Schema.properties.spec` → the
 * place in the source; a path that is not listed has the position of its nearest listed ancestor.
 */
export interface Crd {
  readonly object: CrdObject;
  readonly positions: ReadonlyMap<string, Position>;
  /** The declaration of the storage version. */
  readonly at: Position;
}

/** A step of a path: `.name` for identifiers, `[0]` for indices, `[name]` (with the characters as they are) for other property names. */
export function pathStep(key: string | number): string {
  return typeof key === 'string' && /^[A-Za-z_$][\w$-]*$/.test(key) ? `.${key}` : `[${key}]`;
}

/** The position of `path` or of its nearest ancestor. */
export function positionOf(crd: Pick<Crd, 'positions' | 'at'>, path: string): Position {
  for (let prefix = path; prefix !== ''; prefix = parentPath(prefix)) {
    const at = crd.positions.get(prefix);
    if (at) return at;
  }
  return crd.at;
}

function parentPath(path: string): string {
  if (path.endsWith(']')) return path.slice(0, path.lastIndexOf('['));
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}
