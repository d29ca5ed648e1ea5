export type { Choice } from './choose.js';
export { endpointOf } from './endpoint.js';
export { type FindOptions, findCluster } from './find.js';
export { flattenKubeconfig } from './flatten.js';
export { serviceAccountTitle } from './incluster.js';
export { proxyFromEnv, proxyOf } from './proxy.js';
