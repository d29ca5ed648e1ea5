import { defineResource } from '../../src/runtime/define.js';
import type { K8sObject, Key, ObjectMeta } from '../../src/runtime/resource.js';

/** A kind for tests of controllers. */
export interface WidgetObject extends K8sObject {
  spec?: { size?: number };
  status?: { size?: number; seen?: number };
}

export const Widget = defineResource<WidgetObject>({ group: 'test.example.com', version: 'v1', kind: 'Widget' });

export const ConfigMap = defineResource<K8sObject & { data?: Record<string, string> }>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
});

export const widget = (name: string, size = 1, metadata: ObjectMeta = {}): WidgetObject => ({
  apiVersion: 'test.example.com/v1',
  kind: 'Widget',
  metadata: { namespace: 'default', ...metadata, name },
  spec: { size },
});

export const key = (name: string): Key => ({ name, namespace: 'default' });
