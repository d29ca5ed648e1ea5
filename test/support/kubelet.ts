import { setTimeout as sleep } from 'node:timers/promises';
import { type Access, accessOf, linesOf, open, send } from './access.js';

/** The part of a pod that this knows. */
export interface Pod {
  metadata: {
    name: string;
    namespace: string;
    uid: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
  };
  spec: {
    nodeName?: string;
    restartPolicy?: string;
    schedulingGates?: object[];
    containers: { name: string; image?: string }[];
  };
  status?: {
    phase?: string;
    podIP?: string;
    startTime?: string;
    conditions?: { type: string; status: string }[];
  };
}

/** What becomes of a pod: it waits for ever, runs and is ready, runs without getting ready, ends well, ends badly. */
export type PodFate = 'pending' | 'ready' | 'unready' | 'succeeded' | 'failed';

export interface KubeletOptions {
  /** Default: pods with the restart policy `Always` get ready, others succeed. Asked again whenever the pod changes. */
  fate?(pod: Pod): PodFate;
}

export interface Kubelet {
  /** Further calls do nothing. */
  stop(): Promise<void>;
}

const node = 'node-1';
const reconnectMilliseconds = 100;

/**
 * Plays scheduler, node and kubelet for all pods of the cluster of a kubeconfig (its text): a pod is bound to `node-1`,
 * gets an address and conditions, meets its fate, and goes when it is deleted. Works again after the API server has
 * been away.
 *
 * Assumptions: it runs on the calling thread, which must stay free: wait with `kubectlAsync`.
 */
export async function startKubelet(env: { kubeconfig: string }, options: KubeletOptions = {}): Promise<Kubelet> {
  const access = accessOf(env);
  const stopping = new AbortController();
  await registerNode(access);
  const running = watchPods(access, options.fate ?? usualFate, stopping.signal);
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

const usualFate = (pod: Pod): PodFate => ((pod.spec.restartPolicy ?? 'Always') === 'Always' ? 'ready' : 'succeeded');

/** Services have endpoints only for pods of nodes that exist. */
async function registerNode(access: Access): Promise<void> {
  const metadata = { name: node, labels: { 'kubernetes.io/hostname': node, 'kubernetes.io/os': 'linux' } };
  const created = await send(access, 'POST', '/api/v1/nodes', { body: { apiVersion: 'v1', kind: 'Node', metadata } });
  if (created.status !== 201 && created.status !== 409) throw new Error(`node ${node}: ${created.body}`);
  const conditions = [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'ready' }];
  const capacity = { cpu: '64', memory: '256Gi', pods: '1000' };
  await patch(access, `/api/v1/nodes/${node}/status`, { status: { capacity, allocatable: capacity, conditions } });
}

/** A watch without a resource version starts with all pods that exist, so a new one makes up for whatever was missed. */
async function watchPods(access: Access, fate: (pod: Pod) => PodFate, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const answer = await open(access, 'GET', '/api/v1/pods?watch=1', { signal });
      for await (const line of linesOf(answer)) await advance(access, fate, line);
    } catch {
      // The API server is away, or the signal has aborted.
    }
    await sleep(reconnectMilliseconds, undefined, { signal }).catch(() => {});
  }
}

/** The next step of the pod of a watch event; its own change brings the event of the step after it. */
async function advance(access: Access, fate: (pod: Pod) => PodFate, line: string): Promise<void> {
  const event = JSON.parse(line) as { type: string; object: Pod };
  if (event.type !== 'ADDED' && event.type !== 'MODIFIED') return;
  const pod = event.object;
  const { name, namespace, uid, deletionTimestamp } = pod.metadata;
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  if (deletionTimestamp) {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, preconditions: { uid } };
    await send(access, 'DELETE', path, { body });
  } else if (!pod.spec.nodeName) {
    if (pod.spec.schedulingGates?.length) return;
    const target = { apiVersion: 'v1', kind: 'Node', name: node };
    const body = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, uid }, target };
    await send(access, 'POST', `${path}/binding`, { body });
  } else {
    const status = nextStatus(pod, fate(pod));
    if (status) await patch(access, `${path}/status`, { metadata: { uid }, status });
  }
}

const patch = (access: Access, path: string, body: object) =>
  send(access, 'PATCH', path, { body, contentType: 'application/merge-patch+json' });

/** The status that the pod gets now; undefined when it has it already. */
function nextStatus(pod: Pod, fate: PodFate): object | undefined {
  const { phase = 'Pending', conditions = [], startTime } = pod.status ?? {};
  if (fate === 'pending' || phase === 'Succeeded' || phase === 'Failed') return undefined;
  const now = new Date().toISOString().replace(/\.\d+/, '');
  const address = pod.status?.podIP ?? nextAddress();
  const base = { startTime: startTime ?? now, hostIP: '10.0.0.1', podIP: address, podIPs: [{ ip: address }] };
  if (phase === 'Running' && (fate === 'succeeded' || fate === 'failed')) {
    return { ...base, phase: fate === 'failed' ? 'Failed' : 'Succeeded', ...detailsOf(pod, fate, now) };
  }
  const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  if (phase === 'Running' && isReady === (fate === 'ready')) return undefined;
  return { ...base, phase: 'Running', ...detailsOf(pod, fate === 'ready' ? fate : 'unready', now) };
}

let addresses = 0;
const nextAddress = (): string => `10.244.${(++addresses >> 8) & 255}.${addresses & 255}`;

/** Conditions and containers of a pod that was started. */
function detailsOf(pod: Pod, fate: Exclude<PodFate, 'pending'>, now: string): object {
  const isReady = fate === 'ready';
  const isOver = fate === 'succeeded' || fate === 'failed';
  const condition = (type: string, holds: boolean) => {
    const status = holds ? 'True' : 'False';
    const reason = fate === 'succeeded' ? { reason: 'PodCompleted' } : {};
    return { type, status, lastTransitionTime: now, ...(holds ? {} : reason) };
  };
  const times = { startedAt: pod.status?.startTime ?? now, finishedAt: now };
  const ended = { exitCode: fate === 'failed' ? 1 : 0, reason: fate === 'failed' ? 'Error' : 'Completed', ...times };
  const state = isOver ? { terminated: ended } : { running: { startedAt: now } };
  const containerStatuses = pod.spec.containers.map(({ name, image = '' }) => {
    const common = { name, image, imageID: image, restartCount: 0, started: !isOver };
    return { ...common, containerID: `test://${pod.metadata.uid}-${name}`, ready: isReady, state };
  });
  const conditions = [
    condition('PodScheduled', true),
    condition('Initialized', true),
    condition('ContainersReady', isReady),
    condition('Ready', isReady),
  ];
  return { conditions, containerStatuses };
}
