import { copyOf, isMembers } from '../../../runtime/json.js';
import type { K8sObject } from '../../../runtime/resource.js';
import { defaultContainers, defaultPodSpec } from './pods.js';
import { defaultService } from './services.js';
import { at, fill, type Members } from './values.js';
import { defaultTemplate, defaultWorkload } from './workloads.js';

/**
 * A copy of a built-in object with the defaults that the API server sets: those of workloads with their pods, of services, of claims,
 * bindings and secrets; objects of other kinds are copied as they are. `storage`: group and plural.
 */
export function withBuiltinDefaults(storage: string, object: K8sObject): K8sObject {
  const copy = withoutNulls(copyOf(object)) as K8sObject & Members;
  defaultsOf[storage]?.(copy);
  return copy;
}

/** A null of a built-in object counts as absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMembers(value)) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(entries.map(([name, member]) => [name, withoutNulls(member)]));
}

const workload =
  (more: Members) =>
  (object: Members): void => {
    defaultWorkload(object, more);
  };

const defaultsOf: Readonly<Record<string, (object: Members) => void>> = {
  '/pods': (pod) => {
    const spec = at(pod, 'spec');
    defaultPodSpec(spec);
    defaultContainers(spec, { limitsAreRequests: true });
    fill(spec, { enableServiceLinks: true });
  },
  'apps/deployments': workload({
    replicas: 1,
    strategy: { type: 'RollingUpdate' },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  }),
  'apps/statefulsets': workload({
    replicas: 1,
    serviceName: '',
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate' },
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  }),
  'apps/daemonsets': workload({ updateStrategy: { type: 'RollingUpdate' }, revisionHistoryLimit: 10 }),
  'apps/replicasets': workload({ replicas: 1 }),
  'batch/jobs': (job) => {
    const spec = at(job, 'spec');
    if (spec.parallelism === undefined && spec.completions === undefined) fill(spec, { completions: 1 });
    fill(spec, {
      parallelism: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      manualSelector: false,
    });
    const replacement = spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed';
    fill(spec, { podReplacementPolicy: replacement });
    defaultTemplate(spec);
  },
  'batch/cronjobs': (job) => {
    const spec = at(job, 'spec');
    fill(spec, {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
    const template = at(spec, 'jobTemplate');
    fill(template, { metadata: {} });
    defaultTemplate(at(template, 'spec'));
  },
  '/services': defaultService,
  '/secrets': (secret) => {
    fill(secret, { type: 'Opaque' });
    const { stringData } = secret;
    if (!isMembers(stringData)) return;
    delete secret.stringData;
    const data = at(secret, 'data');
    for (const [key, text] of Object.entries(stringData)) data[key] = Buffer.from(String(text)).toString('base64');
  },
  '/persistentvolumeclaims': (claim) => fill(at(claim, 'spec'), { volumeMode: 'Filesystem' }),
  '/namespaces': (namespace) => fill(at(namespace, 'spec'), { finalizers: ['kubernetes'] }),
  'rbac.authorization.k8s.io/rolebindings': defaultBinding,
  'rbac.authorization.k8s.io/clusterrolebindings': defaultBinding,
};

function defaultBinding(binding: Members): void {
  const group = { apiGroup: 'rbac.authorization.k8s.io' };
  fill(at(binding, 'roleRef'), group);
  const subjects = Array.isArray(binding.subjects) ? binding.subjects : [];
  for (const subject of subjects.filter(isMembers)) if (subject.kind !== 'ServiceAccount') fill(subject, group);
}

/** The status of a new built-in object; undefined for kinds that begin without one. */
export const initialStatusOf = (storage: string): Members | undefined => copyOf(statusOf[storage]);

const statusOf: Readonly<Record<string, Members>> = {
  '/namespaces': { phase: 'Active' },
  '/persistentvolumeclaims': { phase: 'Pending' },
  '/pods': { phase: 'Pending' },
  '/services': { loadBalancer: {} },
  'apps/daemonsets': { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  'apps/deployments': {},
  'apps/replicasets': { replicas: 0 },
  'apps/statefulsets': { replicas: 0, availableReplicas: 0 },
  'batch/cronjobs': {},
  'batch/jobs': {},
  'networking.k8s.io/ingresses': { loadBalancer: {} },
  'policy/poddisruptionbudgets': { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
};
