import { get, type Scenario } from '../scenario.js';

/** What a server says of itself, and paths that are none. */
export const discovery: readonly Scenario[] = [
  { claim: 'the resources of a group with a CRD', steps: [get('/apis/conf.example.com/v1')] },
  { claim: 'the versions of a group', steps: [get('/apis/conf.example.com'), get('/apis/apps')] },
  {
    claim: 'a group or version that is not served',
    steps: [get('/apis/none.example.com'), get('/apis/conf.example.com/v9')],
  },
  {
    claim: 'a kind that is not served',
    steps: [
      get('/apis/conf.example.com/v1/namespaces/my-space/others'),
      get('/apis/conf.example.com/v9/namespaces/my-space/samples'),
      get('/api/v1/namespaces/my-space/others'),
      get('/apis/none.example.com/v1/things'),
    ],
  },
  { claim: 'health', steps: [get('/healthz'), get('/readyz'), get('/livez')] },
  { claim: 'paths without a meaning', steps: [get('/none'), get('/api/v2')] },
];
