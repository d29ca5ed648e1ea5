import {
  applied,
  configMap,
  configMaps,
  deployment,
  deployments,
  get,
  json,
  pair,
  pairs,
  patch,
  plan,
  plans,
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

const secrets = '/api/v1/namespaces/my-space/secrets';
const pods = '/api/v1/namespaces/my-space/pods';

/** Create, update, patch, and what is checked of them. */
export const writes: readonly Scenario[] = [
  {
    claim: 'a namespace must exist',
    steps: [
      post('/api/v1/namespaces/my-space-none/configmaps', configMap('a')),
      post(samples.replace('my-space', 'my-space-none'), sample('a')),
      get('/api/v1/namespaces/my-space-none/configmaps'),
      get('/api/v1/namespaces/my-space-none/configmaps/a'),
      patch('/api/v1/namespaces/my-space-none/configmaps/a?fieldManager=m', configMap('a'), applied),
    ],
  },
  {
    claim: 'objects of the cluster have no namespace',
    steps: [
      post(plans, plan('my-space-a', 1)),
      get(`${plans}/my-space-a`),
      patch(`${plans}/my-space-a`, { spec: { level: 2 }, status: { phase: 'x' } }),
      get('/apis/conf.example.com/v1/namespaces/my-space/plans/my-space-a'),
      post(plans, plan('my-space-b', 1, { namespace: 'my-space' })),
      remove(`${plans}/my-space-a`),
    ],
  },
  {
    claim: 'names of config maps, services and namespaces follow their own rules',
    steps: [
      post(configMaps, configMap('Upper')),
      post(configMaps, configMap('a.b')),
      post(configMaps, configMap(`${'x'.repeat(254)}`)),
      post('/api/v1/namespaces', { metadata: { name: 'a.b' } }),
      post(configMaps, configMap('-a')),
    ],
  },
  {
    claim: 'a generated name counts where none is given',
    steps: [
      post(configMaps, { metadata: { generateName: 'gen-' }, data: {} }),
      post(configMaps, { metadata: { generateName: 'gen-', name: 'own' }, data: {} }),
      post(configMaps, { metadata: {}, data: {} }),
      post(configMaps, { metadata: { generateName: 'Gen_' }, data: {} }),
    ],
  },
  {
    claim: 'labels and annotations are checked',
    differs: { steps: [4], why: 'the words of errors of decoding' },
    steps: [
      post(configMaps, configMap('a', {}, { labels: { 'a/b/c': 'x' } })),
      post(configMaps, configMap('a', {}, { labels: { a: 'x y' } })),
      post(configMaps, configMap('a', {}, { labels: { [`${'k'.repeat(64)}`]: 'x' } })),
      post(configMaps, configMap('a', {}, { annotations: { 'a b': 'x' } })),
      post(configMaps, configMap('a', {}, { labels: { a: 5 } })),
    ],
  },
  {
    claim: 'finalizers must be qualified names',
    steps: [
      post(samples, sample('a', {}, { finalizers: ['plain'] })),
      post(samples, sample('b', {}, { finalizers: ['x.io/ok'] })),
      patch(`${samples}/b`, { metadata: { finalizers: ['x y'] } }),
    ],
  },
  {
    claim: 'owners need all their fields, and one controller',
    steps: [
      post(configMaps, configMap('a', {}, { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x' }] })),
      post(configMaps, configMap('a', {}, { ownerReferences: [{ kind: 'Pod', name: 'x', uid: 'u' }] })),
      post(
        configMaps,
        configMap(
          'a',
          {},
          {
            ownerReferences: ['u1', 'u2'].map((uid) => ({
              apiVersion: 'v1',
              kind: 'Pod',
              name: 'x',
              uid,
              controller: true,
            })),
          },
        ),
      ),
    ],
  },
  {
    claim: 'an update of another uid is refused',
    steps: [
      post(samples, sample('a')),
      (answers) =>
        put(`${samples}/a`, {
          ...answers[0],
          metadata: { ...answers[0].metadata, uid: '00000000-0000-0000-0000-000000000000' },
        }),
      patch(`${samples}/a`, { metadata: { uid: '00000000-0000-0000-0000-000000000000' } }),
    ],
  },
  {
    claim: 'an update of what does not exist is refused',
    steps: [
      put(`${samples}/a`, sample('a', {}, { resourceVersion: '5' })),
      put(`${samples}/a`, sample('a')),
      put(`${configMaps}/a`, configMap('a')),
      patch(`${configMaps}/a`, { data: {} }),
    ],
  },
  {
    claim: 'an update of an old version is refused',
    steps: [
      post(samples, sample('a')),
      patch(`${samples}/a`, { spec: { size: 4 } }),
      ([made]) => put(`${samples}/a`, { ...made, spec: { size: 5 } }),
      ([made]) => patch(`${samples}/a`, { metadata: { resourceVersion: made.metadata.resourceVersion } }),
      (answers) => put(`${samples}/a`, { ...answers[1], spec: { size: 5 } }),
    ],
  },
  {
    claim: 'an update drops what it leaves out',
    steps: [
      post(samples, sample('a', { note: 'x', tags: ['a'] }, { labels: { a: '1' }, annotations: { b: '2' } })),
      ([made]) =>
        put(`${samples}/a`, sample('a', { mode: 'Slow' }, { resourceVersion: made.metadata.resourceVersion })),
    ],
  },
  {
    claim: 'kind, version and name of a body must fit',
    differs: { steps: [1, 2, 3], why: 'the words of errors of decoding' },
    steps: [
      post(samples, { ...sample('a'), kind: 'Plan' }),
      post(samples, { ...sample('a'), apiVersion: 'conf.example.com/v2' }),
      post(configMaps, { ...configMap('a'), kind: 'Secret' }),
      post(samples, { metadata: { name: 'a' }, spec: {} }),
      put(`${configMaps}/a`, configMap('b')),
      post(configMaps, configMap('a', {}, { namespace: 'other' })),
    ],
  },
  {
    claim: 'rules of a schema are asked',
    steps: [
      post(samples, sample('a', { fixed: 'x' })),
      patch(`${samples}/a`, { spec: { fixed: 'y' } }),
      patch(`${samples}/a`, { spec: { size: 4 } }),
      patch(`${samples}/a`, { spec: { fixed: null } }),
    ],
  },
  {
    claim: 'what was wrong before may stay, what changes must be right',
    steps: [
      post(samples, sample('a', { size: 0 })),
      post(samples, sample('a', { mode: 'Other', size: 10, items: [{ value: 'x' }], tags: ['a', 'a'] })),
      post(samples, sample('a', { size: '3', plain: 'x' })),
    ],
  },
  {
    claim: 'nulls are dropped unless the field is nullable',
    steps: [post(samples, sample('a', { note: null, size: null, settings: { a: null }, nested: null }))],
  },
  {
    claim: 'unknown fields give a warning, an error or silence',
    steps: [
      post(samples, sample('a', { colour: 'red', nested: { z: 1 } })),
      post(`${samples}?fieldValidation=Warn`, sample('b', { colour: 'red' })),
      post(`${samples}?fieldValidation=Ignore`, sample('c', { colour: 'red' })),
      post(`${samples}?fieldValidation=Strict`, sample('d', { colour: 'red', size: 0 })),
      patch(`${samples}/a?fieldValidation=Strict`, { spec: { colour: 'red' } }),
      patch(`${samples}/a`, { spec: { colour: 'red' } }),
      patch(`${samples}/a?fieldValidation=Strict`, { metadata: { colour: 'red' } }),
    ],
  },
  {
    claim: 'a merge patch merges objects and replaces lists',
    steps: [
      post(samples, sample('a', { settings: { a: '1', b: '2' }, items: [{ name: 'a', value: '1' }] })),
      patch(`${samples}/a`, { spec: { settings: { b: null, c: '3' }, items: [{ name: 'b' }] } }),
      patch(`${samples}/a`, { spec: null }),
      patch(`${samples}/a`, []),
      patch(`${samples}/a`, { metadata: null }),
    ],
  },
  {
    claim: 'a merge patch may not rename or move',
    steps: [
      post(configMaps, configMap('a')),
      patch(`${configMaps}/a`, { metadata: { name: 'b' } }),
      patch(`${configMaps}/a`, { metadata: { namespace: 'other' } }),
      post(samples, sample('a')),
      patch(`${samples}/a`, { kind: 'Plan' }),
    ],
  },
  {
    claim: 'a JSON patch adds, removes, replaces, copies, moves and tests',
    steps: [
      post(samples, sample('a', { plain: ['a', 'b'], settings: { x: '1' } })),
      patch(`${samples}/a`, [{ op: 'add', path: '/spec/plain/1', value: 'c' }], json),
      patch(`${samples}/a`, [{ op: 'add', path: '/spec/plain/-', value: 'd' }], json),
      patch(`${samples}/a`, [{ op: 'copy', from: '/spec/plain/0', path: '/spec/note' }], json),
      patch(`${samples}/a`, [{ op: 'move', from: '/spec/settings/x', path: '/spec/settings/y' }], json),
      patch(`${samples}/a`, [{ op: 'remove', path: '/spec/plain/0' }], json),
      patch(`${samples}/a`, [{ op: 'test', path: '/spec/note', value: 'a' }], json),
      patch(`${samples}/a`, [{ op: 'replace', path: '/spec/note', value: 'z' }], json),
    ],
  },
  {
    claim: 'a JSON patch that does not fit is refused',
    steps: [
      post(samples, sample('a', { plain: ['a'] })),
      patch(`${samples}/a`, [{ op: 'remove', path: '/spec/none' }], json),
      patch(`${samples}/a`, [{ op: 'replace', path: '/spec/none', value: 1 }], json),
      patch(`${samples}/a`, [{ op: 'add', path: '/spec/plain/7', value: 'x' }], json),
      patch(`${samples}/a`, [{ op: 'test', path: '/spec/plain', value: ['b'] }], json),
      patch(`${samples}/a`, [{ op: 'move', from: '/spec/none', path: '/spec/note' }], json),
      patch(`${samples}/a`, [{ op: 'add', path: '/none/deep', value: 1 }], json),
    ],
  },
  {
    claim: 'a JSON patch with a path of escapes',
    steps: [
      post(samples, sample('a', {}, { annotations: { 'x.io/y': '1', 'a~b': '1' } })),
      patch(`${samples}/a`, [{ op: 'replace', path: '/metadata/annotations/x.io~1y', value: '2' }], json),
    ],
  },
  {
    claim: 'a patch needs a type that the kind takes',
    steps: [
      post(samples, sample('a')),
      patch(`${samples}/a`, {}, strategic),
      patch(`${samples}/a`, {}, 'text/plain'),
      post(configMaps, configMap('a')),
      patch(`${configMaps}/a`, {}, 'application/json'),
    ],
  },
  {
    claim: 'a strategic patch merges by keys, deletes items and replaces on demand',
    steps: [
      post(deployments, deployment('a')),
      patch(
        `${deployments}/a`,
        { spec: { template: { spec: { containers: [{ name: 'side', image: 'side:1' }] } } } },
        strategic,
      ),
      patch(
        `${deployments}/a`,
        { spec: { template: { spec: { containers: [{ name: 'side', $patch: 'delete' }] } } } },
        strategic,
      ),
      patch(
        `${deployments}/a`,
        { spec: { template: { metadata: { labels: { $patch: 'replace', app: 'a', x: 'y' } } } } },
        strategic,
      ),
      patch(
        `${deployments}/a`,
        {
          spec: {
            template: { spec: { containers: [{ name: 'main', image: 'main:1', env: [{ name: 'A', value: '1' }] }] } },
          },
        },
        strategic,
      ),
      patch(
        `${deployments}/a`,
        { spec: { template: { spec: { containers: [{ name: 'main', env: [{ name: 'B', value: '2' }] }] } } } },
        strategic,
      ),
    ],
  },
  {
    claim: 'a strategic patch of finalizers and keys of maps',
    steps: [
      post(configMaps, configMap('a', { x: '1', y: '1' }, { finalizers: ['x.io/a'] })),
      patch(`${configMaps}/a`, { metadata: { finalizers: ['x.io/b'] }, data: { x: null } }, strategic),
      patch(`${configMaps}/a`, { metadata: { '$deleteFromPrimitiveList/finalizers': ['x.io/a'] } }, strategic),
      patch(`${configMaps}/a`, { data: { $patch: 'replace', z: '1' } }, strategic),
    ],
  },
  {
    claim: 'dry runs of every write store nothing',
    steps: [
      post(samples, sample('a')),
      ([made]) => put(`${samples}/a?dryRun=All`, { ...made, spec: { size: 5 } }),
      patch(`${samples}/a?dryRun=All`, { spec: { size: 99 } }),
      patch(`${samples}/a/status?dryRun=All`, { status: { phase: 'x' } }),
      remove(`${samples}?dryRun=All`),
      remove(`${samples}/a?dryRun=All`),
      get(`${samples}/a`),
    ],
  },
  {
    claim: 'the status has its own path and does not count generations',
    steps: [
      post(samples, { ...sample('a'), status: { phase: 'x' } }),
      ([made]) => put(`${samples}/a/status`, { ...made, spec: { size: 9 }, status: { phase: 'x', replicas: 2 } }),
      patch(`${samples}/a/status`, { spec: { size: 8 }, metadata: { labels: { a: 'b' } }, status: { phase: 'y' } }),
      patch(`${samples}/a/status`, [{ op: 'remove', path: '/status/phase' }], json),
      patch(`${samples}/a`, { status: { phase: 'z' } }),
      patch(`${samples}/a/status`, { status: { conditions: [{ type: 'A' }] } }),
      get(`${samples}/a/status`),
      post(`${samples}/a/status`, sample('a')),
    ],
  },
  {
    claim: 'the scale path reads and writes replicas',
    differs: { steps: [5, 9], why: 'after a scale, entries of managedFields keep their time' },
    steps: [
      post(samples, sample('a', { replicas: 2 })),
      get(`${samples}/a/scale`),
      patch(`${samples}/a/scale`, { spec: { replicas: 5 } }),
      (answers) => put(`${samples}/a/scale`, { ...answers[1], spec: { replicas: 7 } }),
      (answers) => put(`${samples}/a/scale`, { ...answers[2], spec: { replicas: 7 } }),
      patch(`${samples}/a/status`, { status: { replicas: 3, selector: 'a=b' } }),
      get(`${samples}/a/scale`),
      patch(`${samples}/a/scale`, { spec: { replicas: -1 } }),
      get(`${samples}/none/scale`),
      get(`${samples}/a`),
    ],
  },
  {
    claim: 'a path of an object that is none',
    steps: [
      post(samples, sample('a')),
      get(`${samples}/a/logs`),
      get(`${configMaps}/a/status`),
      get(`${plans}/a/scale`),
    ],
  },
  {
    claim: 'a deprecated version warns, and shares its objects',
    steps: [
      post(pairs.replace('v1', 'v1beta1'), pair('a', { left: 'x' }, 'v1beta1')),
      get(`${pairs}/a`),
      get(pairs.replace('v1', 'v1beta1')),
      patch(`${pairs.replace('v1', 'v1beta1')}/a`, { spec: { right: 'y' } }),
      patch(`${pairs}/a?fieldManager=m`, pair('a', { left: 'z' }), applied),
    ],
  },
  {
    claim: 'secrets take text, config maps may become immutable',
    steps: [
      post(secrets, { metadata: { name: 'a' }, stringData: { k: 'text' } }),
      patch(`${secrets}/a`, { stringData: { l: 'more' } }),
      post(configMaps, { ...configMap('a', { k: '1' }), immutable: true }),
      patch(`${configMaps}/a`, { data: { k: '2' } }),
      patch(`${configMaps}/a`, { immutable: false }),
      patch(`${configMaps}/a`, { metadata: { labels: { a: 'b' } } }),
    ],
  },
  {
    claim: 'fields that may not change',
    steps: [
      post(deployments, deployment('a')),
      patch(`${deployments}/a`, { spec: { selector: { matchLabels: { app: 'b' } } } }),
      post('/apis/rbac.authorization.k8s.io/v1/namespaces/my-space/rolebindings', {
        metadata: { name: 'a' },
        roleRef: { kind: 'Role', name: 'x', apiGroup: 'rbac.authorization.k8s.io' },
      }),
      patch('/apis/rbac.authorization.k8s.io/v1/namespaces/my-space/rolebindings/a', { roleRef: { name: 'y' } }),
      post(secrets, { metadata: { name: 'a' }, data: { k: 'eA==' } }),
      patch(`${secrets}/a`, { type: 'Other' }),
      patch(`${secrets}/a`, { immutable: true }),
      patch(`${secrets}/a`, { data: { k: 'eQ==' } }),
    ],
  },
  {
    claim: 'unknown fields of built-in objects',
    steps: [
      post(configMaps, { ...configMap('a', { x: '1' }), colour: 'red' }),
      post(`${configMaps}?fieldValidation=Strict`, { ...configMap('b'), colour: 'red' }),
      post(`${configMaps}?fieldValidation=Ignore`, { ...configMap('c'), colour: 'red' }),
      post(
        deployments,
        deployment('a', {
          template: {
            metadata: { labels: { app: 'a' }, creationTimestamp: null },
            spec: { containers: [{ name: 'c', image: 'c:1', colour: 'red', env: [] }] },
          },
        }),
      ),
      patch(`${deployments}/a?fieldValidation=Strict`, { spec: { colour: 'red' } }),
      patch(`${deployments}/a`, { spec: { colour: 'red' } }),
    ],
  },
  {
    claim: 'names may not be too long',
    steps: [
      post('/api/v1/namespaces', { metadata: { name: `my-space-${'x'.repeat(60)}` } }),
      post(services, service('x'.repeat(70), { selector: { a: 'b' } })),
      post(samples, sample('x'.repeat(300))),
    ],
  },
  {
    claim: 'workloads get their defaults',
    differs: { steps: [2], why: 'annotations and finalizers that the API server adds to built-in objects' },
    steps: [
      post(deployments, deployment('a')),
      post(
        '/apis/apps/v1/namespaces/my-space/statefulsets',
        deployment('a', { serviceName: 's' }).spec && {
          metadata: { name: 'a' },
          spec: { serviceName: 's', ...deployment('a').spec },
        },
      ),
      post('/apis/apps/v1/namespaces/my-space/daemonsets', { metadata: { name: 'a' }, spec: deployment('a').spec }),
      post('/apis/apps/v1/namespaces/my-space/replicasets', { metadata: { name: 'a' }, spec: deployment('a').spec }),
      post('/apis/batch/v1/namespaces/my-space/cronjobs', {
        metadata: { name: 'a' },
        spec: {
          schedule: '* * * * *',
          jobTemplate: {
            spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'c' }] } } },
          },
        },
      }),
    ],
  },
  {
    claim: 'volumes, probes and variables of pods get their defaults',
    steps: [
      post(
        deployments,
        deployment('a', {
          strategy: { type: 'Recreate' },
          template: {
            metadata: { labels: { app: 'a' } },
            spec: {
              containers: [
                {
                  name: 'c',
                  image: 'repo:5000/c@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
                  ports: [{ containerPort: 80 }],
                  livenessProbe: { httpGet: { port: 80 } },
                  readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 3 },
                  env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
                  resources: { limits: { cpu: '1' } },
                },
              ],
              volumes: [
                { name: 'a', configMap: { name: 'x' } },
                { name: 'b', secret: { secretName: 'x' } },
                { name: 'c' },
                { name: 'd', hostPath: { path: '/x' } },
                { name: 'e', projected: { sources: [{ serviceAccountToken: { path: 'x' } }] } },
                { name: 'f', downwardAPI: { items: [{ path: 'x', fieldRef: { fieldPath: 'metadata.name' } }] } },
              ],
            },
          },
        }),
      ),
    ],
  },
  {
    claim: 'services, claims and bindings get their defaults',
    differs: { steps: [2], why: 'annotations and finalizers that the API server adds to built-in objects' },
    steps: [
      post(services, service('a')),
      post(
        services,
        service('b', { clusterIP: undefined, type: 'ExternalName', externalName: 'x.y', ports: undefined }),
      ),
      post('/api/v1/namespaces/my-space/persistentvolumeclaims', {
        metadata: { name: 'a' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      }),
      post('/apis/rbac.authorization.k8s.io/v1/namespaces/my-space/rolebindings', {
        metadata: { name: 'a' },
        roleRef: { kind: 'Role', name: 'x' },
        subjects: [
          { kind: 'ServiceAccount', name: 'x', namespace: 'my-space' },
          { kind: 'User', name: 'x' },
        ],
      }),
      get('/api/v1/namespaces/my-space'),
    ],
  },
  {
    claim: 'a list of a kind takes no body of another method',
    steps: [
      { method: 'PUT', path: samples, body: sample('a') },
      { method: 'PATCH', path: samples, body: {}, type: 'application/merge-patch+json' },
      post(`${samples}/a`, sample('a')),
      post('/apis/conf.example.com/v1/samples', sample('a')),
    ],
  },
  {
    claim: 'a body must be an object',
    differs: { steps: [0, 1, 2], why: 'the words of errors of decoding' },
    steps: [post(samples, 'text'), post(samples, []), post(configMaps, 5)],
  },
  {
    claim: 'a pod that is bound to no node is deleted at once',
    differs: { steps: [0, 1], why: 'what admission plugins set in pods, and their status' },
    steps: [
      post(pods, {
        metadata: { name: 'a' },
        spec: { automountServiceAccountToken: false, containers: [{ name: 'c', image: 'c:1' }] },
      }),
      remove(`${pods}/a`),
      get(`${pods}/a`),
    ],
  },
];
