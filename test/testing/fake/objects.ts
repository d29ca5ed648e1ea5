import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { K8sObject, Resource } from '../../../src/runtime/resource.js';

export interface ConfigMapObject extends K8sObject {
  data?: Record<string, string>;
}

export const ConfigMap: Resource<ConfigMapObject> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};

export interface MemcachedObject extends K8sObject {
  spec?: { size?: number; version?: string };
  status?: { nodes?: string[] };
}

export const Memcached: Resource<MemcachedObject> = {
  group: 'cache.example.com',
  version: 'v1alpha1',
  kind: 'Memcached',
  plural: 'memcacheds',
  namespaced: true,
};

const root = join(import.meta.dirname, '../../../fixtures/crds');

/** The CRD that opgen emits for a fixture. */
export const crdOf = (fixture: string, file: string): object =>
  parse(readFileSync(join(root, fixture, 'config/crd/bases', file), 'utf8'));

export const memcachedCrd = (): object => crdOf('memcached', 'cache.example.com_memcacheds.yaml');
export const thingCrd = (): object => crdOf('versions-share-one-crd', 'test.example.com_things.yaml');
