import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { build as bundle } from 'esbuild';
import { pruneDeclarations } from './declarations.js';
import { buildK8s } from './k8s/index.js';
import { buildProjectSchema } from './project-schema.js';

/**
 * Makes `dist/`: the modules that users import, compiled one by one with their declarations; the built-in types of Kubernetes; the CLI and the
 * programmatic API, each one bundle in which packages stay outside and are loaded on use.
 */
const modules = ['api/index', 'runtime/index', 'testing/index'];

rmSync('dist', { recursive: true, force: true });
await buildProjectSchema();
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
pruneDeclarations('dist', ['index', ...modules], modules);
await buildK8s('dist/k8s');
await bundle({
  entryPoints: { 'cli/main': 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
});
