import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build as bundle } from 'esbuild';
import { pruneDeclarations } from './declarations.js';
import { buildK8s } from './k8s/index.js';
import { licensesOf } from './licenses.js';
import { buildProjectSchema } from './project-schema.js';

/**
 * Makes `dist/`: the modules that users import, compiled one by one with their declarations; the built-in types of Kubernetes; the CLI and the
 * programmatic API, one bundle. Dependencies stay outside of it and are loaded on use; what nearly every command needs is bundled, for that is
 * loaded ten times as fast, and is a devDependency.
 */
const modules = ['api/index', 'runtime/index', 'testing/index'];

rmSync('dist', { recursive: true, force: true });
await buildProjectSchema();
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
pruneDeclarations('dist', ['index', ...modules], modules);
await buildK8s('dist/k8s');
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
const { metafile } = await bundle({
  entryPoints: { 'cli/main': 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  external: Object.keys(dependencies),
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  metafile: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
});
writeFileSync('dist/LICENSES.txt', licensesOf(Object.keys(metafile.inputs)));
