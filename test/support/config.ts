import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ViteUserConfig } from 'vitest/config';

/** What every family of tests has in common. With OPGEN_TEST_RESULTS a JSON report named after the family is left in that folder. */
export function family(name: string, include: readonly string[], exclude: readonly string[] = []): ViteUserConfig {
  const results = process.env.OPGEN_TEST_RESULTS;
  return {
    test: {
      include: [...include],
      exclude: ['**/node_modules/**', ...exclude],
      expect: { requireAssertions: true },
      // One more than the default: many tests wait for child processes.
      maxWorkers: availableParallelism(),
      testTimeout: 120_000,
      hookTimeout: 180_000,
      reporters: results ? ['default', ['json', { outputFile: join(results, `${name}.json`) }]] : ['default'],
    },
  };
}
