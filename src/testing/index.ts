export { type Envtest, type EnvtestOptions, startEnvtest } from './envtest.js';
export { type FakeCluster, type FakeClusterOptions, fakeCluster, type Intercept } from './fake/index.js';
export { reconcileOnce } from './reconcile-once.js';
export { type ServedCluster, serveCluster } from './serve.js';
