import {
  configMap,
  configMaps,
  get,
  type Json,
  patch,
  post,
  remove,
  type Scenario,
  sample,
  samples,
} from '../scenario.js';

const held = post(samples, sample('a', {}, { finalizers: ['x.io/a'] }));
const release = patch(`${samples}/a`, { metadata: { finalizers: null } });

/** Deletion, finalizers and preconditions. */
export const deletes: readonly Scenario[] = [
  {
    claim: 'a deletion answers with a status, or with the object of some kinds',
    steps: [
      post(samples, sample('a')),
      remove(`${samples}/a`),
      remove(`${samples}/a`),
      post(configMaps, configMap('a')),
      remove(`${configMaps}/a`),
      post('/api/v1/namespaces/my-space/services', {
        metadata: { name: 's' },
        spec: { clusterIP: 'None', selector: { a: 'b' }, ports: [{ port: 80 }] },
      }),
      remove('/api/v1/namespaces/my-space/services/s'),
    ],
  },
  {
    claim: 'a finalizer holds an object until it goes',
    steps: [held, remove(`${samples}/a`), get(`${samples}/a`), release, get(`${samples}/a`)],
  },
  {
    claim: 'a second deletion of a held object changes nothing',
    steps: [held, remove(`${samples}/a`), remove(`${samples}/a`), get(`${samples}/a`)],
  },
  {
    claim: 'a held object takes updates, but no new finalizer',
    steps: [
      held,
      remove(`${samples}/a`),
      patch(`${samples}/a`, { spec: { size: 5 } }),
      patch(`${samples}/a/status`, { status: { phase: 'x' } }),
      patch(`${samples}/a`, { metadata: { finalizers: ['x.io/a', 'x.io/b'] } }),
      patch(`${samples}/a`, { metadata: { deletionTimestamp: null } }),
    ],
  },
  {
    claim: 'preconditions of a deletion',
    steps: [
      post(samples, sample('a')),
      remove(`${samples}/a`, { preconditions: { uid: '00000000-0000-0000-0000-000000000000' } }),
      remove(`${samples}/a`, { preconditions: { resourceVersion: '1' } }),
      ([made]) =>
        remove(`${samples}/a`, {
          preconditions: { uid: made.metadata.uid, resourceVersion: made.metadata.resourceVersion },
        }),
    ],
  },
  {
    claim: 'foreground and orphan are finalizers',
    steps: [
      held,
      remove(`${samples}/a?propagationPolicy=Foreground`),
      post(samples, sample('b', {}, { finalizers: ['x.io/a'] })),
      remove(`${samples}/b`, { propagationPolicy: 'Orphan' }),
      post(samples, sample('c', {}, { finalizers: ['x.io/a'] })),
      remove(`${samples}/c`, { propagationPolicy: 'Background' }),
    ],
  },
  {
    claim: 'the old option orphanDependents',
    steps: [
      held,
      remove(`${samples}/a`, { orphanDependents: true }),
      remove(`${samples}/a`, { orphanDependents: true, propagationPolicy: 'Orphan' }),
    ],
  },
  {
    claim: 'a grace period counts for pods only',
    steps: [held, remove(`${samples}/a?gracePeriodSeconds=30`), remove(`${samples}/a`, { gracePeriodSeconds: -5 })],
  },
  {
    claim: 'options that cannot be are refused',
    steps: [
      post(samples, sample('a')),
      remove(`${samples}/a?propagationPolicy=Other`),
      remove(`${samples}/a`, { dryRun: ['Other'] }),
      remove(`${samples}/a`, { kind: 'Other', apiVersion: 'v1' }),
    ],
  },
  {
    claim: 'a deletion of a collection takes what is selected',
    steps: [
      ...['a', 'b', 'c'].map((name) => post(samples, sample(name, {}, { labels: { n: name } }))),
      remove(`${samples}?labelSelector=n%20in%20(a,b)`),
      get(samples),
      remove(`${samples}?fieldSelector=metadata.name%3Dnone`),
      remove(samples),
      get(samples),
    ],
  },
  {
    claim: 'a deletion of a collection leaves what finalizers hold',
    steps: [held, post(samples, sample('b')), remove(samples), get(samples)],
  },
  {
    claim: 'an object is made again with another uid after its deletion',
    steps: [
      post(samples, sample('a')),
      remove(`${samples}/a`),
      post(samples, sample('a')),
      ([made]) => remove(`${samples}/a`, { preconditions: { uid: made.metadata.uid } }),
      ([made]: readonly Json[]) =>
        patch(`${samples}/a`, { metadata: { resourceVersion: made.metadata.resourceVersion } }),
    ],
  },
];
