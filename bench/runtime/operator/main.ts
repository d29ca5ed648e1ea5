import { Deployment } from 'opgen/k8s/apps/v1';
import {
  type Context,
  createManager,
  defineController,
  defineResource,
  exitWithError,
  managerFlags,
  onSignals,
  owned,
  setCondition,
} from 'opgen/runtime';
import { group, type Memcached, stampAnnotation, version } from '../objects.js';
import { createCounter, createMeter, print } from './measure.js';

/**
 * The operator that is measured. BENCH_WRITES is what a reconcile writes: none, patch (a Deployment, and the status) or update (the status, which
 * fails with a conflict where somebody else was faster). BENCH_CONCURRENCY is the number of workers. With BENCH_EVENTS updates are counted up to
 * that number, and nothing is reconciled.
 */
const { BENCH_WRITES: writes, BENCH_CONCURRENCY: concurrency, BENCH_EVENTS: events } = process.env;
const expected = Number(events ?? 0);
const memcacheds = defineResource<Memcached>({ group, version, kind: 'Memcached' });
const meter = createMeter();
const count = createCounter(expected);

const controller = defineController({
  for: memcacheds,
  sources: [owned(Deployment)],
  concurrency: Number(concurrency ?? 1),
  where({ type }) {
    if (expected > 0 && type === 'update') count();
    return expected === 0;
  },
  async reconcile(context: Context<Memcached>) {
    meter.started(context.key.name, context.object.metadata?.annotations);
    try {
      await reconcile(context);
    } catch (error) {
      meter.failed();
      throw error;
    }
  },
});

async function reconcile({ object, key, client, patchStatus }: Context<Memcached>): Promise<void> {
  if (writes === 'none') return;
  const stamp = object.metadata?.annotations?.[stampAnnotation] ?? '';
  if (writes === 'update') {
    if (object.status?.stamp !== stamp)
      await client.status.update(memcacheds, { ...object, status: { ...object.status, stamp } });
    return;
  }
  const deployment = await client.ensure(Deployment, key, (draft) => edit(draft, object), { owner: object });
  const wanted = object.spec?.size ?? 1;
  const ready = deployment.object.status?.readyReplicas ?? 0;
  await patchStatus((draft) => {
    draft.status ??= {};
    draft.status.stamp = stamp;
    draft.status.conditions ??= [];
    setCondition(draft.status.conditions, {
      type: 'Ready',
      status: ready === wanted ? 'True' : 'False',
      reason: ready === wanted ? 'DeploymentReady' : 'DeploymentProgressing',
      message: `${ready} of ${wanted} replicas are ready`,
      observedGeneration: object.metadata?.generation ?? 0,
    });
  });
}

function edit(draft: Deployment, { metadata, spec }: Memcached): void {
  const labels = { 'app.kubernetes.io/name': 'memcached', 'app.kubernetes.io/instance': metadata?.name ?? '' };
  const template = draft.spec?.template;
  const container = template?.spec?.containers[0];
  draft.metadata = { ...draft.metadata, labels };
  draft.spec = {
    ...draft.spec,
    replicas: spec?.size ?? 1,
    selector: { matchLabels: labels },
    template: {
      ...template,
      metadata: { ...template?.metadata, labels },
      spec: {
        ...template?.spec,
        containers: [
          {
            ...container,
            name: 'main',
            image: spec?.image ?? '',
            args: spec?.args ?? [],
            ports: [{ name: 'main', containerPort: spec?.containerPort ?? 0, protocol: 'TCP' }],
          },
        ],
      },
    },
  };
}

try {
  const manager = createManager(managerFlags());
  manager.add(controller, {
    needLeaderElection: false,
    async start() {
      await manager.client.list(memcacheds, { limit: 1 });
      print({ synced: true });
    },
  });
  await manager.start(onSignals());
} catch (error) {
  exitWithError(error);
}
