import { isMembers } from '../../../runtime/json.js';
import { at, fill, itemsOf, type Members } from './values.js';

/** The defaults of the spec of a pod, its volumes included; without its containers. */
export function defaultPodSpec(spec: Members): void {
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  for (const volume of itemsOf(spec, 'volumes')) defaultVolume(volume);
}

const modes = { defaultMode: 0o644 };

function defaultVolume(volume: Members): void {
  const { name: _, ...sources } = volume;
  if (Object.keys(sources).length === 0) volume.emptyDir = {};
  for (const kind of ['configMap', 'secret', 'projected', 'downwardAPI']) {
    const source = volume[kind];
    if (isMembers(source)) fill(source, modes);
  }
  if (isMembers(volume.hostPath)) fill(volume.hostPath, { type: '' });
  if (isMembers(volume.downwardAPI)) defaultFieldRefs(volume.downwardAPI);
  const projected = isMembers(volume.projected) ? itemsOf(volume.projected, 'sources') : [];
  for (const source of projected) {
    if (isMembers(source.serviceAccountToken)) fill(source.serviceAccountToken, { expirationSeconds: 3600 });
    if (isMembers(source.downwardAPI)) defaultFieldRefs(source.downwardAPI);
  }
}

function defaultFieldRefs(source: Members): void {
  for (const { fieldRef } of itemsOf(source, 'items')) if (isMembers(fieldRef)) fill(fieldRef, { apiVersion: 'v1' });
}

/** The defaults of all containers; limits become requests in pods only, not in their templates. */
export function defaultContainers(spec: Members, { limitsAreRequests }: { limitsAreRequests: boolean }): void {
  for (const container of [...itemsOf(spec, 'initContainers'), ...itemsOf(spec, 'containers')]) {
    defaultContainer(container);
    const resources = at(container, 'resources');
    if (limitsAreRequests && isMembers(resources.limits)) fill(at(resources, 'requests'), resources.limits);
  }
}

function defaultContainer(container: Members): void {
  fill(container, {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicyOf(String(container.image ?? '')),
  });
  for (const port of itemsOf(container, 'ports')) fill(port, { protocol: 'TCP' });
  for (const { valueFrom } of itemsOf(container, 'env')) {
    if (isMembers(valueFrom) && isMembers(valueFrom.fieldRef)) fill(valueFrom.fieldRef, { apiVersion: 'v1' });
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name];
    if (isMembers(probe)) defaultProbe(probe);
  }
}

function defaultProbe(probe: Members): void {
  fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  if (isMembers(probe.httpGet)) fill(probe.httpGet, { path: '/', scheme: 'HTTP' });
  if (isMembers(probe.grpc)) fill(probe.grpc, { service: '' });
}

/** An image without a tag, or with `latest`, is always pulled. */
function pullPolicyOf(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const [, tag = 'latest'] = /:([^/:]+)$/.exec(image) ?? [];
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}
