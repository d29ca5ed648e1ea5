import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build as bundle } from 'esbuild';
import { pruneDeclarations } from './declarations.js';
import { buildK8s } from './k8s/index.js';
import { licensesOf } from './licenses.js';
import { buildProjectSchema } from './project-schema.js';

/**
 * Makes `dist/`: the modules that users import, and the CLI with the programmatic API, as two bundles, for one file is loaded in half the time of
 * a hundred; their declarations; the built-in types of Kubernetes. Dependencies stay outside of the bundles and are loaded on use; what nearly every
 * command needs is bundled too and is a devDependency.
 */
const modules = ['api/index', 'runtime/index', 'testing/index'];

rmSync('dist', { recursive: true, force: true });
await buildProjectSchema();
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
pruneDeclarations('dist', ['index', ...modules]);
await buildK8s('dist/k8s');
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
const shared = {
  outdir: 'dist',
  bundle: true,
  splitting: true,
  external: Object.keys(dependencies),
  metafile: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
} as const;
const library = await bundle({
  ...shared,
  entryPoints: Object.fromEntries(modules.map((module) => [module, `src/${module}.ts`])),
  chunkNames: 'runtime/[name]-[hash]',
});
const cli = await bundle({
  ...shared,
  entryPoints: { 'cli/main': 'src/cli/main.ts', index: 'src/index.ts' },
  chunkNames: 'chunks/[name]-[hash]',
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  minifySyntax: true,
  minifyWhitespace: true,
});
writeFileSync('dist/LICENSES.txt', licensesOf([library, cli].flatMap(({ metafile }) => Object.keys(metafile.inputs))));
