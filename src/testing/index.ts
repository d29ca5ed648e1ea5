export { type Envtest, type EnvtestOptions, startEnvtest } from './envtest.js';
