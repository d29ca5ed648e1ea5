import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, mergeConfig } from 'vitest/config';
import { family } from './test/support/config.js';

/** `npm run test:e2e`: what needs the API server of KUBEBUILDER_ASSETS, wherever it stands, and fails without it. */
const clusterTests = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((name) => join('test', name).replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.test.ts') && readFileSync(name, 'utf8').includes('describeWithCluster('))
  .sort();

export default defineConfig(
  mergeConfig(family('e2e', clusterTests), { test: { fileParallelism: false, env: { OPGEN_REQUIRE_CLUSTER: '1' } } }),
);
