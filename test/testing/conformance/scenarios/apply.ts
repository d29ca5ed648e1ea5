import {
  apply,
  configMap,
  configMaps,
  deployment,
  deployments,
  get,
  type Json,
  json,
  patch,
  post,
  put,
  remove,
  type Scenario,
  sample,
  samples,
  service,
  services,
  strategic,
} from '../scenario.js';

const conditions = (...types: string[]): Json => ({
  ...sample('a'),
  spec: undefined,
  status: { conditions: types.map((type) => ({ type, status: 'True' })) },
});
const containers = (list: readonly object[]) => ({
  template: { metadata: { labels: { app: 'a' } }, spec: { containers: list } },
});

/** Server-side apply: who owns what. */
export const applies: readonly Scenario[] = [
  {
    claim: 'an apply creates, and defaults belong to nobody',
    steps: [apply('m', samples, sample('a', { size: 2 })), get(`${samples}/a`)],
  },
  {
    claim: 'the same apply again changes nothing',
    steps: [apply('m', samples, sample('a', { size: 2 })), apply('m', samples, sample('a', { size: 2 }))],
  },
  {
    claim: 'a creation owns what it sends, and the defaults',
    steps: [post(samples, sample('a', { size: 2, nested: { a: 'x' }, settings: { k: 'v' } }, { labels: { l: '1' } }))],
  },
  {
    claim: 'two managers share a field with the same value',
    steps: [
      apply('m', samples, sample('a', { size: 2, note: 'n' })),
      apply('n', samples, sample('a', { size: 2 })),
      apply('m', samples, sample('a', { note: 'n' })),
      apply('n', samples, sample('a', {})),
    ],
  },
  {
    claim: 'another value of an applied field is a conflict that names the manager',
    steps: [
      apply('m', samples, sample('a', { size: 2 })),
      apply('n', samples, sample('a', { size: 3 })),
      apply('n', samples, sample('a', { size: 3 }), '&force=false'),
    ],
  },
  {
    claim: 'a conflict names all managers and all fields',
    steps: [
      apply('m', samples, sample('a', { size: 2, note: 'n' })),
      apply('k', samples, sample('a', { size: 2, settings: { k: '1' } })),
      apply('n', samples, sample('a', { size: 3, note: 'o', settings: { k: '2' } })),
    ],
  },
  {
    claim: 'a forced apply takes fields away from others',
    steps: [
      apply('m', samples, sample('a', { size: 2, note: 'n' })),
      apply('n', samples, sample('a', { size: 3 }), '&force=true'),
      apply('m', samples, sample('a', { note: 'n' })),
    ],
  },
  {
    claim: 'an update takes the fields that it changes, and an apply then conflicts with it',
    steps: [
      apply('m', samples, sample('a', { size: 2 })),
      patch(`${samples}/a?fieldManager=u`, { spec: { size: 4 } }),
      apply('m', samples, sample('a', { size: 2 })),
      apply('m', samples, sample('a', { size: 4 })),
    ],
  },
  {
    claim: 'a field that an update removes is owned by nobody',
    steps: [
      apply('m', samples, sample('a', { note: 'n', settings: { a: '1', b: '2' } })),
      patch(`${samples}/a?fieldManager=u`, { spec: { settings: { a: null } } }),
    ],
  },
  {
    claim: 'fields that are left out go, and defaults come back',
    steps: [
      apply('m', samples, sample('a', { size: 2, mode: 'Slow', note: 'n' })),
      apply('m', samples, sample('a', { mode: 'Slow' })),
      apply('m', samples, sample('a', {})),
    ],
  },
  {
    claim: 'parents go with their last field',
    steps: [
      apply('m', samples, sample('a', { nested: { a: '1', deep: { c: '1' } } })),
      apply('m', samples, sample('a', { nested: { a: '1' } })),
      apply('m', samples, sample('a', {})),
    ],
  },
  {
    claim: 'entries of a map are owned one by one',
    steps: [
      apply('m', samples, sample('a', { settings: { a: '1', b: '1' } })),
      apply('n', samples, sample('a', { settings: { c: '1' } })),
      apply('m', samples, sample('a', { settings: { a: '2' } })),
      apply('n', samples, sample('a', { settings: {} })),
    ],
  },
  {
    claim: 'labels and annotations are owned one by one',
    steps: [
      apply('m', samples, sample('a', {}, { labels: { a: '1' }, annotations: { 'x.io/y': '1' } })),
      apply('n', samples, sample('a', {}, { labels: { b: '1' } })),
      apply('m', samples, sample('a', {}, { labels: { a: '2' } })),
      apply('m', samples, sample('a', {})),
    ],
  },
  {
    claim: 'an atomic map is owned as a whole',
    steps: [
      apply('m', samples, sample('a', { selector: { a: '1', b: '1' } })),
      apply('n', samples, sample('a', { selector: { c: '1' } })),
      apply('n', samples, sample('a', { selector: { c: '1' } }), '&force=true'),
    ],
  },
  {
    claim: 'an atomic object is owned as a whole',
    steps: [
      apply('m', samples, sample('a', { whole: { a: '1', b: '1' } })),
      apply('m', samples, sample('a', { whole: { b: '2' } })),
      apply('n', samples, sample('a', { whole: { a: '1' } })),
    ],
  },
  {
    claim: 'an atomic list is owned as a whole',
    steps: [
      apply('m', samples, sample('a', { plain: ['x', 'y'] })),
      apply('n', samples, sample('a', { plain: ['z'] })),
      apply('m', samples, sample('a', { plain: ['y'] })),
    ],
  },
  {
    claim: 'elements of a set are owned one by one',
    steps: [
      apply('m', samples, sample('a', { tags: ['x', 'y'] })),
      apply('n', samples, sample('a', { tags: ['z', 'x'] })),
      apply('m', samples, sample('a', { tags: ['y'] })),
      apply('n', samples, sample('a', { tags: [] })),
    ],
  },
  {
    claim: 'items of a map list are owned by their key',
    steps: [
      apply('m', samples, sample('a', { items: [{ name: 'a', value: '1' }, { name: 'b' }] })),
      apply('n', samples, sample('a', { items: [{ name: 'c', value: '3' }, { name: 'a' }] })),
      apply('m', samples, sample('a', { items: [{ name: 'b' }] })),
      apply('n', samples, sample('a', { items: [{ name: 'a' }] })),
      apply('m', samples, sample('a', {})),
    ],
  },
  {
    claim: 'a field of an item conflicts with its key in the path',
    steps: [
      apply('m', samples, sample('a', { items: [{ name: 'a', value: '1' }] })),
      apply('n', samples, sample('a', { items: [{ name: 'a', value: '2' }] })),
    ],
  },
  {
    claim: 'keys of items may have defaults',
    steps: [
      apply('m', samples, sample('a', { ports: [{ port: 80 }, { port: 80, protocol: 'UDP' }] })),
      apply('n', samples, sample('a', { ports: [{ port: 80, protocol: 'TCP', name: 'http' }] })),
      apply('m', samples, sample('a', { ports: [{ port: 80, protocol: 'UDP' }] })),
    ],
  },
  {
    claim: 'the order of items follows who applies',
    steps: [
      apply('m', samples, sample('a', { items: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] })),
      apply('n', samples, sample('a', { items: [{ name: 'x' }, { name: 'b' }, { name: 'y' }] })),
      apply('m', samples, sample('a', { items: [{ name: 'c' }, { name: 'b' }, { name: 'a' }] })),
      apply('k', samples, sample('a', { items: [{ name: 'y' }, { name: 'a' }, { name: 'z' }] })),
    ],
  },
  {
    claim: 'unknown parts are owned as they look',
    steps: [
      apply('m', samples, sample('a', { any: { a: { b: 1, c: [1, { x: 1 }] } } })),
      apply('n', samples, sample('a', { any: { a: { d: true } } })),
      apply('m', samples, sample('a', { any: { a: { b: 1 } } })),
    ],
  },
  {
    claim: 'numbers and texts are both values of an int-or-string',
    steps: [
      apply('m', samples, sample('a', { amount: 5 })),
      apply('n', samples, sample('a', { amount: '5' })),
      apply('m', samples, sample('a', { amount: '50%' })),
    ],
  },
  {
    claim: 'status is applied through its own path',
    steps: [
      apply('m', samples, sample('a', { size: 2 })),
      apply('m', `${samples} /status`, conditions('A', 'B')),
      apply('n', `${samples} /status`, conditions('C')),
      apply('m', `${samples} /status`, conditions('B')),
      apply('m', samples, sample('a', {})),
    ],
  },
  {
    claim: 'the main path ignores an applied status, the status path everything else',
    steps: [
      apply('m', samples, { ...sample('a', { size: 2 }), status: { phase: 'x' } }),
      apply('m', `${samples} /status`, { ...sample('a', { size: 5 }, { labels: { a: '1' } }), status: { phase: 'y' } }),
    ],
  },
  {
    claim: 'a status that was updated conflicts',
    steps: [
      post(samples, sample('a')),
      patch(`${samples}/a/status?fieldManager=u`, { status: { phase: 'x' } }),
      apply('m', `${samples} /status`, { ...sample('a'), spec: undefined, status: { phase: 'y' } }),
    ],
  },
  {
    claim: 'a dry run of an apply stores nothing',
    steps: [
      apply('m', samples, sample('a', { size: 2 }), '&dryRun=All'),
      get(`${samples}/a`),
      apply('m', samples, sample('a', { size: 2 })),
      apply('n', samples, sample('a', { size: 3 }), '&dryRun=All'),
      apply('n', samples, sample('a', { size: 3 }), '&dryRun=All&force=true'),
      get(`${samples}/a`),
    ],
  },
  {
    claim: 'an apply needs a manager, a kind and a name',
    steps: [
      patch(`${samples}/a`, sample('a'), 'application/apply-patch+yaml'),
      patch(`${samples}/a?fieldManager=m`, { spec: {} }, 'application/apply-patch+yaml'),
      patch(
        `${samples}/a?fieldManager=m`,
        { apiVersion: 'conf.example.com/v1', kind: 'Sample', spec: {} },
        'application/apply-patch+yaml',
      ),
      patch(`${samples}/a?fieldManager=m`, sample('b'), 'application/apply-patch+yaml'),
    ],
  },
  {
    claim: 'managedFields may not be applied',
    steps: [apply('m', samples, sample('a', {}, { managedFields: [{ manager: 'x' }] }))],
  },
  {
    claim: 'an apply with a version checks it',
    steps: [
      apply('m', samples, sample('a', {}, { resourceVersion: '1' })),
      post(samples, sample('a')),
      apply('m', samples, sample('a', { note: 'x' }, { resourceVersion: '1' })),
      (answers) =>
        apply('m', samples, sample('a', { note: 'x' }, { resourceVersion: answers[1].metadata.resourceVersion })),
    ],
  },
  {
    claim: 'an apply with a uid checks it',
    steps: [
      apply('m', samples, sample('a', {}, { uid: '00000000-0000-0000-0000-000000000000' })),
      post(samples, sample('a')),
      apply('m', samples, sample('a', {}, { uid: '00000000-0000-0000-0000-000000000000' })),
    ],
  },
  {
    claim: 'an apply of unknown fields is refused',
    steps: [
      apply('m', samples, sample('a', { sizee: 1 })),
      apply('m', samples, sample('a', { items: [{ name: 'a', x: 1 }] })),
      apply('m', samples, sample('a', { nested: { deep: { z: 1 } } }), '&force=true'),
    ],
  },
  {
    claim: 'an apply of the wrong type is refused',
    steps: [
      apply('m', samples, sample('a', { size: 'x' })),
      apply('m', samples, sample('a', { nested: 'x' })),
      apply('m', samples, sample('a', { tags: 'x' })),
      apply('m', samples, sample('a', { settings: [] })),
      apply('m', samples, sample('a', { note: 5 })),
    ],
  },
  {
    claim: 'items of an applied list must differ and have their keys',
    steps: [
      apply('m', samples, sample('a', { items: [{ name: 'a' }, { name: 'a' }] })),
      apply('m', samples, sample('a', { items: [{ value: 'a' }] })),
      apply('m', samples, sample('a', { tags: ['a', 'a'] })),
      apply('m', samples, sample('a', { items: ['a'] })),
    ],
  },
  {
    claim: 'an applied object is validated after the merge',
    steps: [
      apply('m', samples, sample('a', { size: 77 })),
      apply('m', samples, sample('a', { fixed: 'x' })),
      apply('m', samples, sample('a', { fixed: 'y' })),
      apply('m', samples, sample('A_b')),
    ],
  },
  {
    claim: 'an object that was written before anybody applied is owned by its writer',
    steps: [
      post(`${samples}?fieldManager=u`, sample('a', { size: 2, note: 'x' })),
      apply('m', samples, sample('a', { size: 2 })),
      apply('m', samples, sample('a', { size: 3 })),
      apply('m', samples, sample('a', { size: 3 }), '&force=true'),
    ],
  },
  {
    claim: 'the same name counts apart for applies and updates',
    steps: [
      apply('m', samples, sample('a', { size: 2 })),
      patch(`${samples}/a?fieldManager=m`, { spec: { note: 'x' } }),
      apply('m', samples, sample('a', { size: 2, note: 'y' })),
    ],
  },
  {
    claim: 'managers can be reset with an empty entry',
    steps: [
      apply('m', samples, sample('a', { size: 2 })),
      patch(`${samples}/a?fieldManager=u`, { metadata: { managedFields: [{}] } }),
      apply('m', samples, sample('a', { size: 3 })),
    ],
  },
  {
    claim: 'managedFields that are left out or empty stay',
    steps: [
      apply('m', samples, sample('a', { size: 2 })),
      patch(`${samples}/a?fieldManager=u`, { metadata: { managedFields: null } }),
      patch(`${samples}/a?fieldManager=u`, { metadata: { managedFields: [] } }),
      ([made]) =>
        put(`${samples}/a?fieldManager=u`, { ...made, metadata: { ...made.metadata, managedFields: undefined } }),
    ],
  },
  {
    claim: 'each way to write has its entry',
    steps: [
      post(`${samples}?fieldManager=c`, sample('a', { note: '1' })),
      patch(`${samples}/a?fieldManager=p`, { spec: { note: '2' } }),
      patch(`${samples}/a?fieldManager=j`, [{ op: 'add', path: '/spec/plain', value: ['x'] }], json),
      (answers) => put(`${samples}/a?fieldManager=u`, { ...answers[2], spec: { ...answers[2].spec, mode: 'Slow' } }),
      patch(`${samples}/a/status?fieldManager=s`, { status: { phase: 'x' } }),
      patch(`${samples}/a/scale?fieldManager=r`, { spec: { replicas: 4 } }),
    ],
  },
  {
    claim: 'without a manager the user agent is it',
    steps: [post(samples, sample('a')), patch(`${samples}/a`, { spec: { note: 'x' } })],
  },
  {
    claim: 'a manager that owns nothing any more is gone',
    steps: [
      post(`${samples}?fieldManager=c`, sample('a', { note: '1' })),
      patch(`${samples}/a?fieldManager=p`, { spec: { plain: ['1'] } }),
      patch(`${samples}/a?fieldManager=q`, { spec: { plain: ['2'] } }),
    ],
  },
  {
    claim: 'finalizers are a set, owners are told apart by uid',
    steps: [
      apply('m', samples, sample('a', {}, { finalizers: ['x.io/a'] })),
      apply('n', samples, sample('a', {}, { finalizers: ['x.io/b'] })),
      apply('m', samples, sample('a', {})),
      apply('n', samples, sample('a', {})),
      apply(
        'm',
        samples,
        sample('a', {}, { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'u-1' }] }),
      ),
      apply(
        'n',
        samples,
        sample('a', {}, { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'y', uid: 'u-2' }] }),
      ),
    ],
  },
  {
    claim: 'an object that is being deleted takes applies',
    steps: [
      apply('m', samples, sample('a', {}, { finalizers: ['x.io/a'] })),
      remove(`${samples}/a`),
      apply('m', samples, sample('a', { note: 'x' }, { finalizers: ['x.io/a'] })),
      apply('m', samples, sample('a', {})),
      get(`${samples}/a`),
    ],
  },
  {
    claim: 'config maps are owned by key',
    steps: [
      apply('m', configMaps, configMap('a', { x: '1', y: '1' })),
      apply('n', configMaps, configMap('a', { z: '1' })),
      apply('m', configMaps, configMap('a', { x: '2' })),
      apply('n', configMaps, configMap('a', { x: '3' })),
      patch(`${configMaps}/a?fieldManager=u`, { data: { y: null, w: '1' } }),
    ],
  },
  {
    claim: 'containers, their ports and variables are owned by their keys',
    steps: [
      apply('m', deployments, deployment('a')),
      apply('n', deployments, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'a' },
        spec: { template: { spec: { containers: [{ name: 'main', env: [{ name: 'A', value: '1' }] }] } } },
      }),
      apply(
        'm',
        deployments,
        deployment(
          'a',
          containers([
            { name: 'main', image: 'main:1', ports: [{ containerPort: 80 }], env: [{ name: 'A', value: '2' }] },
          ]),
        ),
      ),
      apply(
        'm',
        deployments,
        deployment('a', containers([{ name: 'main', image: 'main:2', ports: [{ containerPort: 80, name: 'http' }] }])),
      ),
      apply('n', deployments, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } }),
    ],
  },
  {
    claim: 'a scale makes an apply of the replicas conflict',
    steps: [
      apply('m', deployments, deployment('a', { replicas: 2 })),
      patch(`${deployments}/a/scale?fieldManager=hpa`, { spec: { replicas: 5 } }),
      apply('m', deployments, deployment('a', { replicas: 2 })),
      apply('m', deployments, deployment('a')),
    ],
  },
  {
    claim: 'ports of a service are owned by port and protocol',
    steps: [
      apply('m', services, service('a', { ports: [{ port: 80, name: 'a', targetPort: 80 }] })),
      apply('n', services, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'a' },
        spec: { ports: [{ port: 80, name: 'b', protocol: 'UDP', targetPort: 80 }] },
      }),
      apply('n', services, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'a' },
        spec: { ports: [{ port: 80, name: 'c', protocol: 'TCP', targetPort: 80 }] },
      }),
      apply(
        'm',
        services,
        service('a', { selector: { app: 'other' }, ports: [{ port: 80, name: 'a', targetPort: 80 }] }),
      ),
    ],
  },
  {
    claim: 'a strategic patch owns what it changes',
    steps: [
      apply('m', deployments, deployment('a')),
      patch(
        `${deployments}/a?fieldManager=s`,
        { spec: { template: { spec: { containers: [{ name: 'main', image: 'main:2' }] } } } },
        strategic,
      ),
      apply('m', deployments, deployment('a')),
    ],
  },
];
