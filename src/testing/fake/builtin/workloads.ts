import { isMembers } from '../../../runtime/json.js';
import { defaultContainers, defaultPodSpec } from './pods.js';
import { at, fill, itemsOf, type Members } from './values.js';

/** The defaults of a workload with a template of pods; `more` are those of the spec of its kind. */
export function defaultWorkload(object: Members, more: Members): void {
  const spec = at(object, 'spec');
  fill(spec, more);
  defaultStrategy(object, spec);
  defaultTemplate(spec);
  for (const claim of itemsOf(spec, 'volumeClaimTemplates')) {
    fill(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } });
    fill(at(claim, 'spec'), { volumeMode: 'Filesystem' });
  }
}

const rollingOf: Readonly<Record<string, Members>> = {
  Deployment: { maxUnavailable: '25%', maxSurge: '25%' },
  StatefulSet: { partition: 0 },
  DaemonSet: { maxUnavailable: 1, maxSurge: 0 },
};

function defaultStrategy({ kind }: Members, spec: Members): void {
  const strategy = kind === 'Deployment' ? spec.strategy : spec.updateStrategy;
  if (!isMembers(strategy)) return;
  fill(strategy, { type: 'RollingUpdate' });
  if (strategy.type === 'RollingUpdate') fill(at(strategy, 'rollingUpdate'), rollingOf[String(kind)] ?? {});
}

/** The defaults of `spec.template`. */
export function defaultTemplate(spec: Members): void {
  if (!isMembers(spec.template)) return;
  fill(spec.template, { metadata: {} });
  const pod = at(spec.template, 'spec');
  defaultPodSpec(pod);
  defaultContainers(pod, { limitsAreRequests: false });
}
