import { defineConfig } from 'vitest/config';
import { family } from './test/support/config.js';

/** `npm run test:full`: the slow rest, such as whole projects in every layout and the other versions of Node.js. */
export default defineConfig(family('full', ['test/full/**/*.test.ts']));
