import {
  configMap,
  configMaps,
  get,
  json,
  patch,
  post,
  put,
  remove,
  type Scenario,
  sample,
  samples,
} from '../scenario.js';

const leases = '/apis/coordination.k8s.io/v1/namespaces/my-space/leases';
const events = '/apis/events.k8s.io/v1/namespaces/my-space/events';
const secrets = '/api/v1/namespaces/my-space/secrets';
const services = '/api/v1/namespaces/my-space/services';
const time = '2030-01-02T03:04:05.000000Z';

const lease = (name: string, spec: object) => ({ metadata: { name }, spec });

const event = (name: string, changes: object = {}) => ({
  metadata: { name },
  type: 'Normal',
  reason: 'Tested',
  action: 'Test',
  reportingController: 'tests',
  reportingInstance: 'tests-1',
  eventTime: time,
  note: 'all is well',
  regarding: { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', namespace: 'my-space' },
  ...changes,
});

const decoding = 'the words of errors of decoding';

/** What is wrong with built-in objects that operators write. */
export const builtins: readonly Scenario[] = [
  {
    claim: 'a lease is taken, renewed and given up',
    steps: [
      post(leases, lease('a', { holderIdentity: 'x', leaseDurationSeconds: 15, acquireTime: time, renewTime: time })),
      patch(`${leases}/a`, { spec: { leaseTransitions: 1 } }),
      patch(`${leases}/a`, { spec: { holderIdentity: '', leaseDurationSeconds: 1 } }),
    ],
  },
  {
    claim: 'a lease has a duration, and counts its transitions',
    steps: [
      post(leases, lease('a', { leaseDurationSeconds: 0 })),
      post(leases, lease('a', { leaseDurationSeconds: -3, leaseTransitions: -1 })),
      post(leases, lease('a', { leaseDurationSeconds: 15, leaseTransitions: 0 })),
      patch(`${leases}/a`, { spec: { leaseDurationSeconds: 0 } }),
    ],
  },
  {
    claim: 'times of a lease have six digits of a second',
    differs: { steps: [3], why: decoding },
    steps: [
      post(leases, lease('a', { renewTime: '2030-01-02T03:04:05.000Z' })),
      post(leases, lease('a', { acquireTime: '2030-01-02T03:04:05Z' })),
      post(leases, lease('a', { renewTime: '2030-01-02T03:04:05.123456Z' })),
      patch(`${leases}/a`, { spec: { renewTime: '2030-01-02T03:04:06.000Z' } }),
    ],
  },
  {
    claim: 'an event says what happened, and who reports it',
    differs: { steps: [0], why: 'defaults of events' },
    steps: [
      post(events, event('a')),
      post(events, event('b', { action: undefined })),
      post(events, event('c', { reason: '' })),
      post(events, event('d', { type: 'Odd' })),
      post(events, event('e', { eventTime: undefined })),
      post(events, event('f', { note: 'x'.repeat(1025) })),
      post(events, event('g', { reportingInstance: undefined })),
      post(events, event('h', { action: 'x'.repeat(129) })),
      post(events, event('i', { reason: 'x'.repeat(129) })),
    ],
  },
  {
    claim: 'a series begins with the second event',
    differs: { steps: [0, 2, 4], why: 'defaults of events' },
    steps: [
      post(events, event('a')),
      patch(`${events}/a`, { series: { count: 1, lastObservedTime: time } }),
      patch(`${events}/a`, { series: { count: 2, lastObservedTime: time } }),
      post(events, event('b', { series: { count: 1, lastObservedTime: time } })),
      post(events, event('c', { series: { count: 7, lastObservedTime: time } })),
    ],
  },
  {
    claim: 'an event about an object of the cluster is in the namespace default',
    steps: [post(events, event('a', { regarding: { apiVersion: 'v1', kind: 'Node', name: 'x' } }))],
  },
  {
    claim: 'keys of a config map',
    steps: [
      post(configMaps, configMap('a', { 'bad key': 'x' })),
      post(configMaps, { ...configMap('a', { k: 'v' }), binaryData: { k: 'dg==' } }),
      post(configMaps, configMap('a', { 'good.key_1-A': 'x' })),
      patch(`${configMaps}/a`, { data: { 'a/b': 'c' } }),
    ],
  },
  {
    claim: 'values of another type than their field cannot be read',
    differs: { steps: [4], why: decoding },
    steps: [
      post(configMaps, configMap('a', { k: 5 })),
      post(configMaps, configMap('a', { k: true })),
      post(configMaps, { ...configMap('a'), immutable: 'yes' }),
      post(configMaps, configMap('a', { k: 'v' })),
      patch(`${configMaps}/a`, { data: { k: 6 } }),
      put(`${configMaps}/a`, configMap('a', { k: 7 })),
      post(leases, lease('a', { leaseDurationSeconds: '15' })),
      post(leases, lease('a', { leaseDurationSeconds: 1.5 })),
      post(services, { metadata: { name: 's' }, spec: { clusterIP: 'None', ports: [{ port: '80' }] } }),
    ],
  },
  {
    claim: 'bytes and quantities that are none cannot be read',
    differs: { steps: [0], why: decoding },
    steps: [
      post(secrets, { metadata: { name: 'a' }, data: { k: 'not base64!' } }),
      post('/api/v1/namespaces/my-space/persistentvolumeclaims', {
        metadata: { name: 'a' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: 'much' } } },
      }),
    ],
  },
  {
    claim: 'the status of a custom object is written whatever uid comes with it',
    steps: [
      post(samples, sample('a')),
      patch(`${samples}/a/status`, {
        metadata: { uid: '00000000-0000-0000-0000-000000000000' },
        status: { phase: 'x' },
      }),
      patch(`${samples}/a/status`, {
        metadata: { labels: { a: 'b' }, finalizers: ['x.io/y'] },
        status: { phase: 'y' },
      }),
      patch(`${samples}/a/status`, [{ op: 'replace', path: '/status/phase', value: 'z' }], json),
      patch(`${samples}/a/status`, { status: null }),
      get(`${samples}/a`),
    ],
  },
  {
    claim: 'the status path takes no other methods',
    steps: [post(samples, sample('a')), remove(`${samples}/a/status`), get(`${samples}/a/none`)],
  },
];
