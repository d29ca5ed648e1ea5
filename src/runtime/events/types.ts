import type { K8sObject } from '../resource.js';

export interface EventRecorder {
  /** Writes events.k8s.io/v1 in the background. Never throws. `reason` and `action` are CamelCase, at most 128 characters; `note` is cut to 1 kB. */
  emit(
    about: K8sObject,
    e: { type: 'Normal' | 'Warning'; reason: string; action: string; note: string; related?: K8sObject },
  ): void;
}
