import { type Deployment, Deployment as deployments } from 'opgen/k8s/apps/v1';
import { type Pod, Pod as pods } from 'opgen/k8s/core/v1';
import { type Client, defineController, owned } from '../../src/runtime/index.js';

/**
 * Plays what a cluster has beside its API server: deployments get pods, one at a time as real ones do, and the pods run. It is a controller
 * like any other.
 */
export const workloads = defineController<Deployment>({
  name: 'workloads',
  for: deployments,
  sources: [owned(pods)],
  async reconcile({ object: deployment, client, patchStatus }) {
    const wanted = deployment.spec?.replicas ?? 1;
    const running = await podsOf(deployment, client);
    if (running.length < wanted) await startPod(deployment, running, client);
    for (const pod of running.slice(wanted)) await client.delete(pods, pod, { ignoreNotFound: true });
    const ready = Math.min(running.length, wanted);
    await patchStatus((draft) => {
      draft.status = {
        observedGeneration: draft.metadata?.generation ?? 0,
        replicas: ready,
        updatedReplicas: ready,
        readyReplicas: ready,
        availableReplicas: ready,
      };
    });
    if (running.length !== wanted) return { requeueAfter: 400 };
  },
});

async function podsOf({ metadata, spec }: Deployment, client: Client): Promise<readonly Pod[]> {
  const found = await client.live.list(pods, { namespace: metadata?.namespace ?? '', labels: spec?.selector ?? {} });
  return found.sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
}

async function startPod({ metadata, spec }: Deployment, running: readonly Pod[], client: Client): Promise<void> {
  const taken = new Set(running.map((pod) => pod.metadata?.name));
  const names = Array.from({ length: running.length + 1 }, (_, index) => `${metadata?.name}-${index}`);
  const name = names.find((each) => !taken.has(each)) ?? '';
  const pod = await client.create(pods, {
    metadata: {
      name,
      namespace: metadata?.namespace ?? '',
      ...(spec?.template.metadata?.labels && { labels: spec.template.metadata.labels }),
    },
    ...(spec?.template.spec && { spec: spec.template.spec }),
  });
  await client.status.patch(pods, pod, {
    type: 'merge',
    body: { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } },
  });
}
