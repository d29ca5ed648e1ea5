import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuiltinKind } from '../../src/k8s/kinds.js';
import { type BuiltinFile, textOfTable } from '../../src/k8s/table.js';
import { readOverlay, withFacts } from './facts.js';
import { type Kind, readKinds } from './kinds.js';
import { kubernetesVersion, type Model, readModels } from './models.js';
import { type Exports, modulesOf } from './modules.js';
import { schemasOf } from './schema.js';
import { moduleFiles, typeFiles } from './typescript.js';

/** Writes the built-in schemas (`builtin.json`) and the modules of `opgen/k8s` to a folder; what else is there stays. */
export async function buildK8s(outDir: string): Promise<void> {
  const models = readModels();
  const kinds = readKinds();
  const modules = modulesOf(models, kinds);
  const files: { [path: string]: string } = {
    'builtin.json': textOfTable(tableOf(models, modules)),
    'kinds.json': `${JSON.stringify(kinds.map(builtinKind))}\n`,
    ...typeFiles(models, kinds),
  };
  for (const [path, exports] of Object.entries(modules)) Object.assign(files, moduleFiles(path, exports, kinds));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(outDir, path)), { recursive: true });
    await writeFile(join(outDir, path), content);
  }
}

function tableOf(models: readonly Model[], modules: { readonly [path: string]: Exports }): BuiltinFile {
  const types = withFacts(schemasOf(models), readOverlay());
  const own = Object.entries(modules).map(
    ([path, exports]) => [path ? `opgen/k8s/${path}` : 'opgen/k8s', exports] as const,
  );
  // `Quantity` is opgen's: client-node exports no type of that name.
  const classes = Object.fromEntries(Object.keys(types).flatMap((type) => (type === 'Quantity' ? [] : [[type, type]])));
  return {
    kubernetes: kubernetesVersion(),
    exports: Object.fromEntries([['@kubernetes/client-node', classes], ...own]),
    types,
  };
}

const builtinKind = ({ group, version, kind, plural, namespaced }: Kind): BuiltinKind => ({
  group,
  version,
  kind,
  plural,
  namespaced,
});
