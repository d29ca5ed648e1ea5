import type { Cluster } from '../../../src/runtime/cluster.js';
import type { K8sObject } from '../../../src/runtime/resource.js';

export interface SeenEvent {
  readonly type: string;
  readonly object: K8sObject & { code?: number; reason?: string };
}

export const configMaps = '/api/v1/namespaces/default/configmaps';

/** An open watch; `next` resolves to its next event, or to undefined at its end. */
export async function openWatch(cluster: Cluster, query: Record<string, string> = {}, signal?: AbortSignal) {
  const request = { method: 'GET', path: configMaps, query: { watch: 'true', ...query } };
  const { body } = await cluster.request({ ...request, ...(signal && { signal }) });
  const events = body[Symbol.asyncIterator]();
  const next = async (): Promise<SeenEvent | undefined> => {
    const { done, value } = await events.next();
    return done ? undefined : JSON.parse(new TextDecoder().decode(value));
  };
  return { next, leave: () => events.return?.() };
}

/** `TYPE name`, as events are told apart. */
export const brief = (event: SeenEvent | undefined): string => `${event?.type} ${event?.object.metadata?.name ?? ''}`;
