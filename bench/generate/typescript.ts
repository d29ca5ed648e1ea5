import { kindStructs, sharedStructs } from './kind.js';
import { type Field, group, kindMarkers, kindName, type Struct } from './types.js';

/** Files of a project of opgen by their path: PROJECT, and the sources of `count` kinds. */
export function typescriptProject(count: number): Readonly<Record<string, string>> {
  const kinds = Array.from({ length: count }, (_, index) => [kindPath(index), kindSource(index, 100)]);
  return {
    PROJECT: projectFile(count),
    'package.json': '{ "name": "bench", "type": "module" }\n',
    'src/api/v1alpha1/groupversion.ts': `// +groupName=${group}\nexport {};\n`,
    'src/api/v1alpha1/types.ts': sharedSource(),
    'src/api/v1alpha1/shared.ts': "export type { BackupPolicy, TlsReference } from './types.js';\n",
    ...Object.fromEntries(kinds),
  };
}

/** Path of the source of the kind at this index. */
export const kindPath = (index: number): string => `src/api/v1alpha1/${kindName(index).toLowerCase()}.ts`;

/** Source of the kind at this index: about 215 lines, 4.4 KB. `maximum` limits its replicas. */
export function kindSource(index: number, maximum: number): string {
  const kind = kindName(index);
  const builtins = index % 2 === 1 ? 'EnvVar, PodTemplateSpec, ResourceRequirements' : 'EnvVar, ResourceRequirements';
  return [
    `import type { Condition, CustomResource, Int32 } from 'opgen/api';`,
    `import type { ${builtins} } from 'opgen/k8s';`,
    `import type { BackupPolicy, TlsReference } from './shared.js';`,
    '',
    ...kindStructs(kind, index, maximum).flatMap(struct),
    ...doc(`${kind} is a kind.`, kindMarkers, ''),
    `export interface ${kind} extends CustomResource<${kind}Spec, ${kind}Status> {}`,
    '',
  ].join('\n');
}

const sharedSource = (): string =>
  [`import type { Int32 } from 'opgen/api';`, '', ...sharedStructs.flatMap(struct)].join('\n');

const struct = ({ name, summary, fields }: Struct): readonly string[] => [
  `/** ${summary} */`,
  `export interface ${name} {`,
  ...fields.flatMap(property),
  '}',
  '',
];

const property = ({ name, summary, markers, typescript, required }: Field): readonly string[] => [
  ...doc(summary, markers.map(tag), '  '),
  `  ${name}${required ? '' : '?'}: ${typescript};`,
];

const doc = (summary: string, lines: readonly string[], indent: string): readonly string[] =>
  ['/**', ...[summary, ...lines].map((line) => ` * ${line}`), ' */'].map((line) => indent + line);

/** `items:MaxLength=63` → `@items.maxLength 63`. */
function tag(marker: string): string {
  const [name = '', value] = split(marker);
  const parts = name.split(':').map((part) => part[0]!.toLowerCase() + part.slice(1));
  return `@${parts.join('.')} ${value}`;
}

const split = (marker: string): readonly string[] => /^(.*?)=(.*)$/s.exec(marker)?.slice(1) ?? [];

function projectFile(count: number): string {
  const resources = Array.from({ length: count }, (_, index) => [
    '- api:',
    '    crdVersion: v1',
    '    namespaced: true',
    '  domain: example.com',
    '  group: bench',
    `  kind: ${kindName(index)}`,
    `  path: ${kindPath(index)}`,
    '  version: v1alpha1',
  ]);
  return [
    'domain: example.com',
    'layout:',
    '- opgen.dev/v1',
    'projectName: bench',
    'repo: bench',
    'resources:',
    ...resources.flat(),
    'version: "3"',
    '',
  ].join('\n');
}
