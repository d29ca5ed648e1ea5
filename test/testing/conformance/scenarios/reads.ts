import { configMap, configMaps, get, patch, plans, post, remove, type Scenario, sample, samples } from '../scenario.js';

const three = ['a', 'b', 'c'].map((name, index) =>
  post(
    samples,
    sample(name, { size: index + 1, mode: index === 1 ? 'Slow' : 'Fast' }, { labels: { n: name, set: 's' } }),
  ),
);
const labels = (selector: string) => get(`${samples}?labelSelector=${encodeURIComponent(selector)}`);
const fields = (selector: string) => get(`${samples}?fieldSelector=${encodeURIComponent(selector)}`);
const watch = (query: string) => get(`${samples}?watch=true&timeoutSeconds=1${query}`);
const partial = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const partialList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const table = 'application/json;as=Table;g=meta.k8s.io;v=v1';

/** Get, list and watch. */
export const reads: readonly Scenario[] = [
  {
    claim: 'what is not there gives NotFound',
    steps: [
      get(`${samples}/none`),
      get(`${configMaps}/none`),
      get(`${plans}/my-space-none`),
      remove(`${samples}/none`),
    ],
  },
  {
    claim: 'an empty list',
    steps: [get(samples), get(configMaps), get(`${samples}?limit=5`), labels('a=b')],
  },
  {
    claim: 'labels select with every operator',
    steps: [
      ...three,
      labels('n=a'),
      labels('n==a'),
      labels('n!=a,set'),
      labels('n in (a,b)'),
      labels('n notin (a,b)'),
      labels('n'),
      labels('!n'),
      labels('n=a,n=b'),
    ],
  },
  {
    claim: 'selectors that cannot be are refused',
    differs: { steps: [0, 1, 2], why: 'the words of errors of selectors' },
    steps: [labels('a b'), labels('=x'), labels('a in'), fields('spec.none=1'), fields('metadata.labels.x=1')],
  },
  {
    claim: 'fields select by name, namespace and what a CRD declares',
    steps: [
      ...three,
      fields('metadata.name=b'),
      fields('metadata.namespace=my-space'),
      fields('metadata.name!=b'),
      fields('spec.mode=Slow'),
      fields('spec.mode!=Slow,metadata.name=a'),
    ],
  },
  {
    claim: 'pages keep the state of the first one, and say how much is left',
    steps: [
      ...three,
      get(`${samples}?limit=1`),
      patch(`${samples}/b`, { spec: { size: 9 } }),
      remove(`${samples}/c`),
      (answers) => get(`${samples}?limit=1&continue=${answers[3].metadata.continue}`),
      (answers) => get(`${samples}?limit=5&continue=${answers[6].metadata.continue}`),
      get(`${samples}?limit=5`),
    ],
  },
  {
    claim: 'a page of selected objects does not say how many are left',
    steps: [...three, get(`${samples}?limit=1&labelSelector=set%3Ds`)],
  },
  {
    claim: 'a continued list takes no version',
    steps: [
      ...three,
      get(`${samples}?limit=1`),
      (answers) => get(`${samples}?limit=1&resourceVersion=5&continue=${answers[3].metadata.continue}`),
    ],
  },
  {
    claim: 'a list at an exact version shows the past',
    steps: [
      ...three,
      remove(`${samples}/a`),
      (answers) => get(`${samples}?resourceVersionMatch=Exact&resourceVersion=${answers[2].metadata.resourceVersion}`),
      get(`${samples}?resourceVersion=0`),
    ],
  },
  {
    claim: 'rules of versions of a list',
    steps: [
      get(`${samples}?resourceVersionMatch=Exact`),
      get(`${samples}?resourceVersionMatch=Exact&resourceVersion=0`),
      get(`${samples}?resourceVersionMatch=Other&resourceVersion=1`),
      get(`${samples}?resourceVersion=abc`),
      get(`${samples}?limit=abc`),
    ],
  },
  {
    claim: 'a get at a version that is reached',
    steps: [three[0]!, get(`${samples}/a?resourceVersion=0`)],
  },
  {
    claim: 'all namespaces in one list',
    steps: [...three, get('/apis/conf.example.com/v1/samples?fieldSelector=metadata.namespace%3Dmy-space')],
  },
  {
    claim: 'objects and lists as metadata',
    steps: [three[0]!, get(`${samples}/a`, partial), get(samples, partialList), get(`${samples}/none`, partial)],
  },
  {
    claim: 'a list of built-in objects as metadata',
    steps: [
      post(configMaps, configMap('a', { x: '1' })),
      get(`${configMaps}?fieldSelector=metadata.name%3Da`, partialList),
    ],
  },
  {
    claim: 'a table of custom objects has the columns of the CRD',
    steps: [...three, get(samples, table), get(`${samples}/a`, table), get(`${samples}?includeObject=None`, table)],
  },
  {
    claim: 'a watch of metadata',
    steps: [three[0]!, get(`${samples}?watch=true&timeoutSeconds=1`, partial)],
  },
  {
    claim: 'an unknown form is not acceptable',
    steps: [get(samples, 'text/plain'), get(samples, 'application/json;as=Other;g=meta.k8s.io;v=v1')],
  },
  {
    claim: 'a watch begins with what is there, in order',
    steps: [...three, watch('')],
  },
  {
    claim: 'a watch resumes after a version',
    steps: [
      ...three,
      patch(`${samples}/a`, { spec: { size: 9 } }),
      patch(`${samples}/a/status`, { status: { phase: 'x' } }),
      remove(`${samples}/b`),
      (answers) => watch(`&resourceVersion=${answers[2].metadata.resourceVersion}`),
    ],
  },
  {
    claim: 'a watch with a selector sees objects come and go',
    steps: [
      ...three,
      patch(`${samples}/a`, { metadata: { labels: { n: 'z' } } }),
      patch(`${samples}/a`, { metadata: { labels: { n: 'a' } } }),
      patch(`${samples}/b`, { metadata: { labels: { n: 'a' } } }),
      remove(`${samples}/a`),
      (answers) => watch(`&labelSelector=n%3Da&resourceVersion=${answers[2].metadata.resourceVersion}`),
    ],
  },
  {
    claim: 'a watch of one name',
    steps: [
      ...three,
      patch(`${samples}/a`, { spec: { size: 9 } }),
      patch(`${samples}/b`, { spec: { size: 9 } }),
      (answers) => watch(`&fieldSelector=metadata.name%3Db&resourceVersion=${answers[0].metadata.resourceVersion}`),
    ],
  },
  {
    claim: 'a watch of a declared field',
    steps: [
      ...three,
      patch(`${samples}/a`, { spec: { mode: 'Slow' } }),
      patch(`${samples}/b`, { spec: { mode: 'Fast' } }),
      (answers) => watch(`&fieldSelector=spec.mode%3DSlow&resourceVersion=${answers[2].metadata.resourceVersion}`),
    ],
  },
  {
    claim: 'a watch shows the deletion of what finalizers held',
    steps: [
      post(samples, sample('a', {}, { finalizers: ['x.io/a'] })),
      remove(`${samples}/a`),
      patch(`${samples}/a`, { metadata: { finalizers: null } }),
      (answers) => watch(`&resourceVersion=${answers[0].metadata.resourceVersion}`),
    ],
  },
  {
    claim: 'a watch from the first version is too old',
    forgets: true,
    steps: [three[0]!, watch('&resourceVersion=1')],
  },
  {
    claim: 'the initial events of a watch end with a bookmark',
    steps: [
      ...three,
      watch('&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion='),
    ],
  },
  {
    claim: 'initial events need a match of versions',
    steps: [
      watch('&sendInitialEvents=true'),
      watch('&resourceVersionMatch=NotOlderThan'),
      get(`${samples}?sendInitialEvents=true`),
    ],
  },
  {
    claim: 'a watch refuses versions that are none',
    differs: { steps: [1], why: 'the words of errors of selectors' },
    steps: [watch('&resourceVersion=abc'), watch('&labelSelector=a%20b')],
  },
];
