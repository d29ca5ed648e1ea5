import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { packageRoot } from '../../src/package.js';
import { overlayBetween } from './facts.js';
import { folded, type Node } from './fold.js';
import { comparable, goFile, goMod } from './go-types.js';
import { kubernetesVersion, readModels } from './models.js';
import { schemasOf } from './schema.js';

/**
 * Remakes what opgen knows of the built-in types from their Go sources: `fixtures/k8s/controller-gen`, which says what controller-gen makes of
 * them, and from it `scripts/k8s/overlay.json`, which is then to be reviewed. Needs `go` and `controller-gen` on the PATH; the build needs
 * neither. Run it after an update of @kubernetes/client-node, with the patch release of Kubernetes:
 *
 *     npx tsx scripts/k8s/controller-gen.ts 1.36.3 && npx biome format --write scripts/k8s/overlay.json
 */
function main(release: string): void {
  if (!release.startsWith(`${kubernetesVersion()}.`)) {
    throw new Error(`The release must be one of Kubernetes ${kubernetesVersion()}, but it is \`${release}\``);
  }
  const models = readModels();
  const folder = mkdtempSync(join(tmpdir(), 'opgen-types-'));
  try {
    writeFileSync(join(folder, 'go.mod'), goMod(`v0.${release.slice('1.'.length)}`));
    mkdirSync(join(folder, 'v1'));
    const goTypes = goFile(comparable(models), folder);
    writeFileSync(join(folder, 'v1/types.go'), goTypes);
    const expected = controllerGen(folder);
    const fixture = join(packageRoot, 'fixtures/k8s/controller-gen');
    mkdirSync(fixture, { recursive: true });
    writeFileSync(join(fixture, 'types.go'), goTypes);
    writeFileSync(join(fixture, 'schemas.json'), lines(folded(expected)));
    writeFileSync(join(fixture, 'VERSION'), version(release));
    const overlay = overlayBetween(schemasOf(models), expected);
    writeFileSync(join(packageRoot, 'scripts/k8s/overlay.json'), `${JSON.stringify(overlay, null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const command = ['crd:generateEmbeddedObjectMeta=true,maxDescLen=0', 'paths=./v1', 'output:stdout'];

/** The schemas of all types, by the names of the fields. */
function controllerGen(folder: string): { readonly [type: string]: Node } {
  const options = {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, GOFLAGS: '-mod=mod' },
  } as const;
  const crd = load(execFileSync('controller-gen', command, options)) as {
    spec: { versions: { schema: { openAPIV3Schema: { properties: { [type: string]: Node } } } }[] };
  };
  const { apiVersion, kind, metadata, ...types } = crd.spec.versions[0]!.schema.openAPIV3Schema.properties;
  return types;
}

/** One line for each type: small, and its changes can be read. */
const lines = (types: { readonly [type: string]: Node }): string =>
  `{\n${Object.entries(types)
    .map(([type, schema]) => `${JSON.stringify(type)}: ${JSON.stringify(schema)}`)
    .join(',\n')}\n}\n`;

const version = (release: string): string =>
  [
    `controller-gen ${execFileSync('controller-gen', ['--version'], { encoding: 'utf8' }).trim().replace('Version: ', '')}`,
    `Kubernetes v${release}`,
    `controller-gen ${command.join(' ')}`,
    'One field of types.go is one schema, and `{ "$ref": TYPE }` stands for the schema of a type: scripts/k8s/controller-gen.ts makes both.',
    '',
  ].join('\n');

main(process.argv[2] ?? '');
