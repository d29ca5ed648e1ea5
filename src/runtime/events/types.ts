import type { K8sObject } from '../resource.js';

/** Tells users what happens to an object: `kubectl describe` and `kubectl events` show it. */
export interface EventRecorder {
  /**
   * Writes events.k8s.io/v1 in the background, equal ones as one series. Never throws. `reason` and `action` are CamelCase, cut to 128
   * characters; `note` is cut to 1 kB.
   */
  emit(
    about: K8sObject,
    e: { type: 'Normal' | 'Warning'; reason: string; action: string; note: string; related?: K8sObject },
  ): void;
}
