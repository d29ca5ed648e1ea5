import { defineConfig } from 'vitest/config';
import { family } from './test/support/config.js';

/** `npm test`: what needs node and the npm registry only. */
export default defineConfig(family('unit', ['test/**/*.test.ts'], ['test/e2e/**', 'test/full/**']));
