import type { K8sObject } from '../../src/runtime/index.js';

export const group = 'cache.example.com';
export const version = 'v1alpha1';
export const plural = 'memcacheds';
export const namespace = 'default';

/** Holds the monotonic time in ns at which somebody changed the object. */
export const stampAnnotation = 'bench.example.com/stamp';

/** An object of the load, about 2 KB of JSON, 0.7 KB of it managed fields. */
export interface Memcached extends K8sObject {
  spec?: {
    size?: number;
    image?: string;
    containerPort?: number;
    args?: string[];
    env?: { name: string; value?: string }[];
    nodeSelector?: Record<string, string>;
    resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
  };
  status?: { conditions?: Condition[]; nodes?: string[]; stamp?: string };
}

interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  lastTransitionTime: string;
  observedGeneration?: number;
}

const text = { type: 'string' };
const texts = { type: 'array', items: text };
const map = { type: 'object', additionalProperties: text };
const integer = { type: 'integer', format: 'int32' };
const object = (properties: object) => ({ type: 'object', properties });

export const crd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind: 'Memcached', listKind: 'MemcachedList', plural, singular: 'memcached' },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: object({
            spec: object({
              size: integer,
              image: text,
              containerPort: integer,
              args: texts,
              env: { type: 'array', items: { ...object({ name: text, value: text }), required: ['name'] } },
              nodeSelector: map,
              resources: object({ limits: map, requests: map }),
            }),
            status: object({
              conditions: {
                type: 'array',
                items: object({
                  type: text,
                  status: text,
                  reason: text,
                  message: text,
                  lastTransitionTime: { type: 'string', format: 'date-time' },
                  observedGeneration: { type: 'integer', format: 'int64' },
                }),
              },
              nodes: texts,
              stamp: text,
            }),
          }),
        },
      },
    ],
  },
};

export const nameOf = (index: number): string => `memcached-${String(index).padStart(6, '0')}`;

/** As somebody would create it. */
export function wanted(index: number): Memcached {
  return {
    apiVersion: `${group}/${version}`,
    kind: 'Memcached',
    metadata: {
      name: nameOf(index),
      namespace,
      labels: {
        'app.kubernetes.io/name': 'memcached',
        'app.kubernetes.io/managed-by': 'kustomize',
        tier: `tier-${index % 7}`,
      },
      annotations: {
        [stampAnnotation]: '0000000000000000',
        'example.com/description': 'A cache in front of the database of the shop, with the sessions of its users',
      },
    },
    spec: {
      size: 1 + (index % 5),
      image: `registry.example.com/library/memcached:1.6.${index % 40}-alpine`,
      containerPort: 11211,
      args: ['--memory-limit=64', '-o', 'modern', '-v'],
      env: [
        { name: 'REGION', value: `eu-west-${index % 3}` },
        { name: 'CLUSTER', value: `cluster-${index % 11}` },
        { name: 'LOG_LEVEL', value: 'info' },
        { name: 'METRICS_ADDRESS', value: '0.0.0.0:9150' },
        { name: 'SHUTDOWN_TIMEOUT', value: '30s' },
      ],
      nodeSelector: { 'kubernetes.io/os': 'linux', pool: `pool-${index % 4}` },
      resources: { limits: { cpu: '500m', memory: '128Mi' }, requests: { cpu: '10m', memory: '64Mi' } },
    },
  };
}

/** As an API server would send it after it has been reconciled. */
export function served(index: number, resourceVersion: string): Memcached {
  const { metadata, ...rest } = wanted(index);
  return {
    ...rest,
    metadata: {
      ...metadata,
      uid: `7b1c0d5e-3a52-4a8e-9f0a-${String(index).padStart(12, '0')}`,
      resourceVersion,
      generation: 2,
      creationTimestamp: '2026-01-05T10:00:00Z',
      managedFields: [
        managed('kubectl', undefined, ['size', 'image', 'containerPort', 'args', 'env', 'nodeSelector', 'resources']),
        managed('manager', 'status', ['conditions', 'nodes', 'stamp', 'observed']),
      ],
    },
    status: {
      nodes: [`memcached-${index}-a`, `memcached-${index}-b`],
      stamp: '0000000000000000',
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'DeploymentReady',
          message: 'All replicas are ready',
          lastTransitionTime: '2026-01-05T10:00:10Z',
          observedGeneration: 2,
        },
      ],
    },
  };
}

function managed(manager: string, subresource: string | undefined, fields: readonly string[]): object {
  return {
    manager,
    operation: 'Update',
    apiVersion: `${group}/${version}`,
    time: '2026-01-05T10:00:10Z',
    fieldsType: 'FieldsV1',
    fieldsV1: {
      'f:metadata': {
        'f:annotations': { '.': {}, [`f:${stampAnnotation}`]: {} },
        'f:labels': { '.': {}, 'f:tier': {} },
      },
      [subresource ? 'f:status' : 'f:spec']: Object.fromEntries(fields.map((field) => [`f:${field}`, {}])),
    },
    ...(subresource && { subresource }),
  };
}
