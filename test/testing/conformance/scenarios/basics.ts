import {
  applied,
  configMap,
  configMaps,
  get,
  json,
  patch,
  post,
  put,
  remove,
  type Scenario,
  strategic,
} from '../scenario.js';

const custom = '/apis/cache.example.com/v1alpha1/namespaces/my-space/memcacheds';
const things = '/apis/test.example.com/v1/namespaces/my-space/things';

const memcached = (name: string, parts: object = {}, metadata: object = {}) => ({
  apiVersion: 'cache.example.com/v1alpha1',
  kind: 'Memcached',
  metadata: { name, ...metadata },
  spec: {},
  ...parts,
});
const thing = (name: string, parts: object = {}, version = 'v1') => ({
  apiVersion: `test.example.com/${version}`,
  kind: 'Thing',
  metadata: { name },
  spec: { size: 1 },
  ...parts,
});

/** Every verb once. */
export const basics: readonly Scenario[] = [
  {
    claim: 'a creation fills in defaults and drops the status',
    steps: [post(custom, memcached('made', { status: { nodes: ['x'] } })), get(`${custom}/made`)],
  },
  {
    claim: 'what exists is not created again',
    steps: [post(custom, memcached('twice')), post(custom, memcached('twice'))],
  },
  {
    claim: 'what a client may not set is overwritten',
    steps: [
      post(
        custom,
        memcached('odd', {}, { uid: 'u', generation: 7, deletionTimestamp: '2020-01-01T00:00:00Z', colour: 'red' }),
      ),
    ],
  },
  {
    claim: 'names are checked, and made from generateName',
    steps: [
      post(custom, memcached('B_x')),
      post(custom, { ...memcached(''), metadata: {} }),
      post(custom, { ...memcached(''), metadata: { generateName: 'gen-' } }),
      post(custom, memcached('labels', {}, { labels: { 'a b': 'c d' } })),
    ],
  },
  {
    claim: 'type, namespace and version of a new object must fit',
    steps: [
      post(custom, memcached('x', { kind: 'Other' })),
      post(custom, memcached('x', { apiVersion: 'other/v1' })),
      post(custom, memcached('x', {}, { namespace: 'other' })),
      post(custom, memcached('x', {}, { resourceVersion: '5' })),
    ],
  },
  {
    claim: 'an invalid object is refused with a cause for each field',
    steps: [
      post(custom, memcached('bad', { spec: { size: 9 } })),
      post(custom, memcached('bad', { spec: { size: 9, version: 'x' } })),
      post(things, thing('bad', { spec: {} })),
    ],
  },
  {
    claim: 'unknown fields are pruned, or refused when asked',
    steps: [
      post(custom, memcached('pruned', { spec: { colour: 'red' } })),
      post(`${custom}?fieldValidation=Strict`, memcached('strict', { spec: { colour: 'red' } })),
      post(`${custom}?fieldValidation=Loose`, memcached('strict')),
    ],
  },
  {
    claim: 'an update of a custom object needs the last version',
    steps: [
      post(custom, memcached('locked')),
      put(`${custom}/locked`, memcached('locked')),
      put(`${custom}/locked`, memcached('locked', {}, { resourceVersion: '1' })),
      put(`${custom}/missing`, memcached('missing', {}, { resourceVersion: '1' })),
      put(`${custom}/locked`, memcached('other', {}, { resourceVersion: '1' })),
    ],
  },
  {
    claim: 'a built-in object may be updated without a version, leases may not',
    steps: [
      post(configMaps, configMap('free', { a: '1' })),
      put(`${configMaps}/free`, configMap('free', { a: '2' })),
      put(`${configMaps}/free`, configMap('free', { a: '3' }, { resourceVersion: '1' })),
      post('/apis/coordination.k8s.io/v1/namespaces/my-space/leases', { metadata: { name: 'l' }, spec: {} }),
      put('/apis/coordination.k8s.io/v1/namespaces/my-space/leases/l', { metadata: { name: 'l' }, spec: {} }),
    ],
  },
  {
    claim: 'what changes nothing keeps the version',
    steps: [
      post(custom, memcached('same')),
      ([made]) => put(`${custom}/same`, made),
      patch(`${custom}/same`, {}),
      patch(`${custom}/same`, { spec: { size: 3 } }),
      get(`${custom}/same`),
    ],
  },
  {
    claim: 'the main path writes everything but the status, and counts generations',
    steps: [
      post(custom, memcached('main')),
      ([made]) => put(`${custom}/main`, { ...made, spec: { size: 4 }, status: { nodes: ['x'] } }),
      patch(`${custom}/main`, { status: { nodes: ['y'] } }),
      patch(`${custom}/main`, { metadata: { labels: { a: 'b' } } }),
      patch(`${custom}/main`, { spec: { size: 5 } }),
    ],
  },
  {
    claim: 'the status path writes nothing but the status',
    steps: [
      post(custom, memcached('parts')),
      ([made]) =>
        put(`${custom}/parts/status`, {
          ...made,
          metadata: { ...made.metadata, labels: { a: 'b' } },
          spec: { size: 5 },
          status: { nodes: ['x'] },
        }),
      patch(`${custom}/parts/status`, { spec: { size: 1 }, status: { nodes: ['y'] } }),
      patch(`${custom}/parts/status`, { status: { nodes: 'none' } }),
      get(`${custom}/parts/status`),
    ],
  },
  {
    claim: 'a CRD without subresources has its status in the main path',
    steps: [
      post(things, thing('whole')),
      get(`${things}/whole/status`),
      patch(`${things}/whole`, { spec: { size: 2 } }),
    ],
  },
  {
    claim: 'merge patches remove with null, check versions and validate',
    steps: [
      post(custom, memcached('merge', { spec: { size: 2, version: '1.2.3' } })),
      patch(`${custom}/merge`, { spec: { version: null } }),
      patch(`${custom}/merge`, { metadata: { resourceVersion: '1' } }),
      patch(`${custom}/merge`, { spec: { size: 77 } }),
      patch(`${custom}/merge`, { metadata: { name: 'other' } }),
      patch(`${custom}/missing`, {}),
    ],
  },
  {
    claim: 'JSON patches are applied as a whole or not at all',
    steps: [
      post(custom, memcached('json')),
      patch(`${custom}/json`, [{ op: 'test', path: '/spec/size', value: 9 }], json),
      patch(`${custom}/json`, [{ op: 'remove', path: '/spec/none' }], json),
      patch(
        `${custom}/json`,
        [
          { op: 'test', path: '/spec/size', value: 3 },
          { op: 'replace', path: '/spec/size', value: 4 },
        ],
        json,
      ),
      ([made]) =>
        patch(
          `${custom}/json`,
          [{ op: 'test', path: '/metadata/resourceVersion', value: made.metadata.resourceVersion }],
          json,
        ),
    ],
  },
  {
    claim: 'custom objects take no strategic patch',
    steps: [
      post(custom, memcached('types')),
      patch(`${custom}/types`, {}, strategic),
      patch(`${custom}/types`, {}, 'application/json'),
    ],
  },
  {
    claim: 'strategic patches merge lists by their keys',
    steps: [
      post('/apis/apps/v1/namespaces/my-space/deployments', {
        metadata: { name: 'web' },
        spec: {
          selector: { matchLabels: { a: 'b' } },
          template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'one' }] } },
        },
      }),
      patch(
        '/apis/apps/v1/namespaces/my-space/deployments/web',
        {
          spec: {
            template: {
              spec: {
                containers: [
                  { name: 'd', image: 'two' },
                  { name: 'c', image: 'three' },
                ],
              },
            },
          },
        },
        strategic,
      ),
      patch('/apis/apps/v1/namespaces/my-space/deployments/web', { metadata: { annotations: { a: 'b' } } }),
      patch('/apis/apps/v1/namespaces/my-space/deployments/web/scale', { spec: { replicas: 5 } }),
      patch('/apis/apps/v1/namespaces/my-space/deployments/web/status', {
        status: { observedGeneration: 1, replicas: 1 },
      }),
      get('/apis/apps/v1/namespaces/my-space/deployments/web/scale'),
    ],
  },
  {
    claim: 'finalizers hold an object until the last one goes',
    steps: [
      post(custom, memcached('held', {}, { finalizers: ['example.com/a'] })),
      remove(`${custom}/held`),
      remove(`${custom}/held`),
      patch(`${custom}/held`, { metadata: { finalizers: ['example.com/a', 'example.com/b'] } }),
      patch(`${custom}/held`, { metadata: { labels: { a: 'b' } } }),
      patch(`${custom}/held`, { metadata: { finalizers: null } }),
      get(`${custom}/held`),
    ],
  },
  {
    claim: 'built-in objects are held too, and count generations where they have them',
    steps: [
      post(configMaps, configMap('kept', { a: '1' }, { finalizers: ['example.com/a'] })),
      remove(`${configMaps}/kept`),
      patch(`${configMaps}/kept`, { metadata: { finalizers: [] } }),
      get(`${configMaps}/kept`),
    ],
  },
  {
    claim: 'a deletion checks its preconditions and answers with a status',
    steps: [
      post(custom, memcached('gone')),
      remove(`${custom}/gone`, { preconditions: { uid: 'other' } }),
      remove(`${custom}/gone`, { preconditions: { resourceVersion: '1' } }),
      remove(`${custom}/gone`, { propagationPolicy: 'Sideways' }),
      remove(`${custom}/gone?dryRun=All`),
      ([made]) => remove(`${custom}/gone`, { preconditions: { uid: made.metadata.uid } }),
      remove(`${custom}/gone`),
    ],
  },
  {
    claim: 'a dry run stores nothing',
    steps: [
      post(`${custom}?dryRun=All`, memcached('dry')),
      get(`${custom}/dry`),
      post(custom, memcached('dry')),
      patch(`${custom}/dry?dryRun=All`, { spec: { size: 5 } }),
      get(`${custom}/dry`),
      post(`${custom}?dryRun=Some`, memcached('dry')),
    ],
  },
  {
    claim: 'lists are selected by labels and fields',
    steps: [
      post(custom, memcached('s1', {}, { labels: { set: 's', tier: 'a' } })),
      post(custom, memcached('s2', {}, { labels: { set: 's', tier: 'b' } })),
      post(custom, memcached('s3', {}, { labels: { set: 's' } })),
      get(`${custom}?labelSelector=set%3Ds,tier%20in%20(a,b)`),
      get(`${custom}?labelSelector=set%3Ds,!tier`),
      get(`${custom}?labelSelector=set%3Ds,tier!%3Da`),
      get(`${custom}?labelSelector=set%3Ds&fieldSelector=metadata.name%3Ds2`),
      get(`${custom}?fieldSelector=spec.size%3D3`),
      get(`/apis/cache.example.com/v1alpha1/memcacheds?labelSelector=set%3Ds&fieldSelector=metadata.namespace%3DNS`),
      remove(`${custom}?labelSelector=set%3Ds`),
      get(`${custom}?labelSelector=set%3Ds`),
    ],
  },
  {
    claim: 'pages show the state of the first one',
    steps: [
      post(things, thing('p1')),
      post(things, thing('p2')),
      post(things, thing('p3')),
      get(`${things}?limit=2`),
      remove(`${things}/p3`),
      post(things, thing('p4')),
      (answers) => get(`${things}?limit=2&continue=${answers[3].metadata.continue}`),
      get(`${things}?continue=abc`),
      get(`${things}?resourceVersion=abc`),
    ],
  },
  {
    claim: 'a watch goes on from a version with what was missed',
    steps: [
      post(custom, memcached('w', {}, { labels: { set: 'w' } })),
      patch(`${custom}/w`, { spec: { size: 4 } }),
      patch(`${custom}/w/status`, { status: { nodes: ['x'] } }),
      patch(`${custom}/w`, { metadata: { labels: { set: 'v' } } }),
      patch(`${custom}/w`, { metadata: { labels: { set: 'w' } } }),
      remove(`${custom}/w`),
      ([made]) =>
        get(
          `${custom}?watch=true&timeoutSeconds=1&labelSelector=set%3Dw&resourceVersion=${made.metadata.resourceVersion}`,
        ),
      ([made]) =>
        get(
          `${custom}?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dw&resourceVersion=${made.metadata.resourceVersion}`,
        ),
    ],
  },
  {
    claim: 'a watch from nowhere begins with what is there',
    steps: [
      post(custom, memcached('there', {}, { labels: { set: 'there' } })),
      get(`${custom}?watch=true&timeoutSeconds=1&labelSelector=set%3Dthere`),
      get(`${custom}?watch=true&timeoutSeconds=1&labelSelector=set%3Dthere&resourceVersion=0`),
    ],
  },
  {
    claim: 'a watch from a forgotten version ends with an error',
    forgets: true,
    steps: [post(custom, memcached('late')), get(`${custom}?watch=true&timeoutSeconds=1&resourceVersion=1`)],
  },
  {
    claim: 'an apply creates, takes back what it leaves out, and conflicts',
    steps: [
      patch(`${custom}/ap?fieldManager=m`, memcached('ap', { spec: { size: 2, version: '1.2.3' } }), applied),
      patch(`${custom}/ap?fieldManager=m`, memcached('ap', { spec: { size: 2 } }), applied),
      patch(`${custom}/ap?fieldManager=m`, memcached('ap', { spec: { size: 2 } }), applied),
      patch(`${custom}/ap?fieldManager=n`, memcached('ap', { spec: { size: 3 } }), applied),
      patch(`${custom}/ap?fieldManager=n&force=true`, memcached('ap', { spec: { size: 3 } }), applied),
      patch(`${custom}/ap?fieldManager=m`, memcached('ap', { spec: { size: 2 } }), applied),
      patch(`${custom}/ap?fieldManager=u`, { spec: { size: 1 } }),
      patch(`${custom}/ap?fieldManager=n`, memcached('ap', { spec: { size: 3 } }), applied),
      patch(`${custom}/ap/status?fieldManager=m`, { ...memcached('ap', { status: { nodes: ['x'] } }) }, applied),
      patch(`${custom}/ap`, memcached('ap'), applied),
      patch(`${custom}/ap?fieldManager=n&force=true`, memcached('ap', { spec: { sizee: 3 } }), applied),
      patch(`${custom}/none/status?fieldManager=m`, memcached('none', { status: {} }), applied),
    ],
  },
  {
    claim: 'fields that two managers apply stay until both leave them out',
    steps: [
      patch(`${configMaps}/ap?fieldManager=m`, configMap('ap', { a: '1', b: '1' }), applied),
      patch(`${configMaps}/ap?fieldManager=n`, configMap('ap', { a: '1', c: '1' }), applied),
      patch(`${configMaps}/ap?fieldManager=m`, configMap('ap', {}), applied),
      patch(`${configMaps}/ap?fieldManager=n`, configMap('ap', { a: '2', b: '2' }), applied),
      patch(`${configMaps}/ap?fieldManager=m`, configMap('ap', { a: '3', b: '3' }), applied),
    ],
  },
  {
    claim: 'versions of a CRD share their objects',
    steps: [
      post(things.replace('v1', 'v1beta1'), thing('shared', { spec: { size: 1, note: 'n' } }, 'v1beta1')),
      get(`${things}/shared`),
      get(`${things.replace('v1', 'v1beta1')}/shared`),
    ],
  },
  {
    claim: 'objects are read as their metadata',
    steps: [
      post(custom, memcached('meta', {}, { labels: { set: 'meta' } })),
      get(`${custom}?labelSelector=set%3Dmeta`, 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'),
      get(`${custom}/meta`, 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'),
    ],
  },
];
