import { defineConfig, mergeConfig } from 'vitest/config';
import { family } from './test/support/config.js';

/** `npm run test:e2e`: what needs the API server of KUBEBUILDER_ASSETS, and fails without it. */
const clusterTests = ['test/e2e/**/*.test.ts', 'test/testing/envtest.test.ts', 'test/validate/agreement.test.ts'];

export default defineConfig(
  mergeConfig(family('e2e', clusterTests), { test: { fileParallelism: false, env: { OPGEN_REQUIRE_CLUSTER: '1' } } }),
);
