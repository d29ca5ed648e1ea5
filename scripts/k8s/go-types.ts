import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from './models.js';
import { reach, typesIn } from './modules.js';

/** The modules that declare the built-in types, and the folder of each in which a group has its own. */
const groupFolders: readonly (readonly [module: string, folder: string])[] = [
  ['k8s.io/api', ''],
  ['k8s.io/apimachinery', '/pkg/apis'],
  ['k8s.io/apiextensions-apiserver', '/pkg/apis'],
  ['k8s.io/kube-aggregator', '/pkg/apis'],
];

/** `go.mod` of a module that has the built-in types of a release, such as `v0.36.3`. */
export const goMod = (release: string): string =>
  ['module example.com/types', 'go 1.26.0', ...groupFolders.map(([module]) => `require ${module} ${release}`), ''].join(
    '\n',
  );

/** controller-gen takes no marker of a list on the bytes of `caBundle`. */
const refused: readonly string[] = ['V1APIServiceSpec'];

/** The types that a CRD can have and controller-gen can read: none that leads to a type that contains itself. */
export function comparable(models: readonly Model[]): Model[] {
  const byType = new Map(models.map((model) => [model.type, model]));
  const endless = new Set(models.filter(({ type }) => leadsTo(type, byType).has(type)).map(({ type }) => type));
  return models.filter(({ type }) => {
    const reached = [type, ...leadsTo(type, byType)];
    return !reached.some((each) => endless.has(each) || refused.includes(each));
  });
}

/** A Go file with a kind that has one required field for each type, named like the type. */
export function goFile(models: readonly Model[], goModule: string): string {
  const packages = packagesOf(goModule);
  const imports = new Set<string>([`\tmetav1 "${meta}"`]);
  const fields = models.map((model) => {
    const { path, name } = goType(model, packages);
    const alias = path.split('/').slice(-2).join('').replaceAll(/\W/g, '');
    imports.add(`\t${alias} "${path}"`);
    return `\t${model.type} ${alias}.${name} \`json:"${model.type}"\``;
  });
  return [
    '// +groupName=types.example.com',
    'package v1',
    '',
    'import (',
    ...[...imports].sort(),
    ')',
    '',
    '// +kubebuilder:object:root=true',
    'type BuiltIn struct {',
    '\tmetav1.TypeMeta   `json:",inline"`',
    '\tmetav1.ObjectMeta `json:"metadata,omitempty"`',
    ...fields,
    '}',
    '',
  ].join('\n');
}

const meta = 'k8s.io/apimachinery/pkg/apis/meta/v1';

/** What a type leads to, itself only if it leads back. */
function leadsTo(type: string, byType: ReadonlyMap<string, Model>): Set<string> {
  const properties = byType.get(type)?.properties ?? [];
  return reach(
    properties.flatMap((property) => typesIn(property.type)),
    byType,
  );
}

/** `v1.PodSpec` → the packages that declare it. */
function packagesOf(goModule: string): ReadonlyMap<string, readonly string[]> {
  const packages = new Map<string, string[]>();
  for (const [module, folder] of groupFolders) {
    const arguments_ = ['list', '-mod=mod', '-m', '-f', '{{.Dir}}', module];
    const root = execFileSync('go', arguments_, { cwd: goModule, encoding: 'utf8' }).trim() + folder;
    for (const path of versionFolders(root)) {
      for (const name of declaredIn(join(root, path))) {
        const key = `${path.split('/')[1]}.${name}`;
        packages.set(key, [...(packages.get(key) ?? []), `${module}${folder}/${path}`]);
      }
    }
  }
  return packages;
}

/** `core/v1` and its like. */
function versionFolders(root: string): string[] {
  const groups = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return groups.flatMap(({ name: group }) =>
    readdirSync(join(root, group))
      .filter((version) => /^v\d/.test(version) && existsSync(join(root, group, version, 'doc.go')))
      .map((version) => `${group}/${version}`),
  );
}

function declaredIn(folder: string): Set<string> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.go') && !file.endsWith('_test.go'));
  const names = files.flatMap((file) =>
    Array.from(readFileSync(join(folder, file), 'utf8').matchAll(/^type (\w+)\b/gm), (match) => match[1]!),
  );
  return new Set(names);
}

function goType(model: Model, packages: ReadonlyMap<string, readonly string[]>): { path: string; name: string } {
  if (model.type === 'VersionInfo') return { path: 'k8s.io/apimachinery/pkg/version', name: 'Info' };
  const [, group = '', version = ''] = /^([A-Z][a-z]+)?(V\d\w*)$/.exec(model.prefix) ?? [];
  const all = packages.get(`${version.toLowerCase()}.${model.name}`) ?? [];
  const ofGroup = all.filter((path) => path.includes(`/${group.toLowerCase()}`));
  // core/v1 has `Preconditions` of its own, which no API uses.
  const path = ofGroup.length > 1 ? ofGroup.find((each) => each === meta) : ofGroup[0];
  if (!path)
    throw new Error(`${model.type} must be one type of Go, but it is declared in ${ofGroup.join(', ') || 'none'}`);
  return { path, name: model.name };
}
