import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import typescript from 'typescript';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/package.js';
import { useBuild } from './build.js';

const { dist, table } = useBuild();
const older = createRequire(join(packageRoot, 'node_modules/typescript-json-schema/package.json'))('typescript');
const compilers = [typescript, older as typeof typescript].map((ts) => [ts.version, ts] as const);

/** Messages of a check without the DOM and without @types, `TS2322 file: text`. */
function check(ts: typeof typescript, files: readonly string[], exactOptionalPropertyTypes: boolean): string[] {
  const program = ts.createProgram({
    rootNames: files,
    options: {
      strict: true,
      noEmit: true,
      exactOptionalPropertyTypes,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts'],
      types: [],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    },
  });
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
    return `TS${diagnostic.code} ${diagnostic.file?.fileName ?? ''}: ${text}`;
  });
}

function program(name: string, text: string): string {
  const file = join(dist, `${name}.ts`);
  writeFileSync(file, text);
  return file;
}

const declarationFiles = (): string[] =>
  readdirSync(join(dist, 'k8s'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.d.ts'))
    .map((file) => join(dist, 'k8s', file));

test('the second compiler is an older one', () => {
  expect(compilers.map(([version]) => version.replace(/\.\d+$/, ''))).toEqual(['6.0', '5.9']);
});

const right = `
import { Deployment, Event, type ObjectMeta, type PodTemplateSpec, type Quantity } from './k8s/index.js';
import { HorizontalPodAutoscaler } from './k8s/autoscaling/v1.js';
import { Event as NewEvent } from './k8s/events/v1.js';
import type { NetworkPolicyPort } from './k8s/networking/v1.js';
import type { K8sObject, Resource } from './runtime/index.js';

declare function get<T extends K8sObject>(resource: Resource<T>, name: string): T;

const template: PodTemplateSpec = {
  metadata: { labels: { app: 'web' } },
  spec: {
    containers: [
      {
        name: 'web',
        ports: [{ containerPort: 80 }],
        resources: { limits: { cpu: 2, memory: '1Gi' } },
        livenessProbe: { httpGet: { port: 'http' } },
        readinessProbe: { httpGet: { port: 8080 } },
      },
    ],
  },
};
export const web: Deployment = { metadata: { name: 'web' }, spec: { selector: {}, template } };
export const read: string | undefined = get(Deployment, 'web').metadata?.creationTimestamp;
export const replicas: number | undefined = get(Deployment, 'web').spec?.replicas;
export const first: Event['involvedObject'] = get(Event, 'a').involvedObject;
export const note: string | undefined = get(NewEvent, 'a').note;
export const cpu: number | undefined = get(HorizontalPodAutoscaler, 'a').spec?.targetCPUUtilizationPercentage;
export const port: NetworkPolicyPort = { port: 'http' };
export const sizes: Quantity[] = [1, '1Gi'];
export const metadata: ObjectMeta = { creationTimestamp: '2030-01-02T03:04:05Z' };
`;

test.each(compilers)(
  'TypeScript %s accepts the declarations and a right use',
  (_, ts) => {
    const files = [...declarationFiles(), program('right', right)];
    for (const exact of [true, false]) expect(check(ts, files, exact)).toEqual([]);
  },
  60_000,
);

const wrongUses: readonly [name: string, text: string, message: RegExp][] = [
  [
    'a missing field',
    `import type { PodSpec } from './k8s/index.js'; export const a: PodSpec = {};`,
    /TS2741.*'containers'/,
  ],
  [
    'an unknown field',
    `import type { PodSpec } from './k8s/core/v1.js'; export const a: PodSpec = { containers: [], x: 1 };`,
    /TS2353.*'x'/,
  ],
  [
    'a Date',
    `import type { ObjectMeta } from './k8s/index.js'; export const a: ObjectMeta = { creationTimestamp: new Date() };`,
    /TS2322/,
  ],
  [
    'a quantity that is none',
    `import type { EmptyDirVolumeSource } from './k8s/index.js'; export const a: EmptyDirVolumeSource = { sizeLimit: true };`,
    /TS2322/,
  ],
  [
    'a handle of another kind',
    `import { Pod, Service } from './k8s/index.js'; import type { Resource } from './runtime/index.js'; export const a: Resource<Pod> = Service;`,
    /'Resource<Service>' is not assignable to type 'Resource<Pod>'/,
  ],
  ['a type as a value', `import { PodSpec } from './k8s/index.js'; export const a = PodSpec;`, /TS2693.*'PodSpec'/],
  [
    'a kind of another group version',
    `import { Ingress } from './k8s/apps/v1.js'; export const a = Ingress;`,
    /TS2305.*'Ingress'/,
  ],
];

let wrongUsesChecked: string[] | undefined;

test.each(wrongUses)('a wrong use fails: %s', (name, _, message) => {
  wrongUsesChecked ??= check(
    typescript,
    wrongUses.map(([file, text]) => program(file, text)),
    true,
  );
  const found = wrongUsesChecked.filter((text) => text.includes(`/${name}.ts: `));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(message);
});

test('the declarations export exactly what the table says', () => {
  const { exports } = table();
  const own = Object.entries(exports).filter(([module]) => module.startsWith('opgen/k8s'));
  const files = own.map(([module]) =>
    join(dist, `${module.slice('opgen/'.length)}${module === 'opgen/k8s' ? '/index' : ''}.d.ts`),
  );
  const checker = typescript.createProgram({ rootNames: files, options: { types: [], noLib: true } });
  for (const [index, [module, names]] of own.entries()) {
    const symbol = checker.getTypeChecker().getSymbolAtLocation(checker.getSourceFile(files[index]!)!)!;
    const declared = checker
      .getTypeChecker()
      .getExportsOfModule(symbol)
      .map((exported) => exported.name);
    expect(declared.sort(), module).toEqual(Object.keys(names));
  }
});

test.each([
  [
    'index',
    'Deployment',
    { group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments', namespaced: true },
  ],
  ['index', 'Namespace', { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false }],
  ['index', 'Event', { group: '', version: 'v1', kind: 'Event', plural: 'events', namespaced: true }],
  [
    'index',
    'ComponentStatus',
    { group: '', version: 'v1', kind: 'ComponentStatus', plural: 'componentstatuses', namespaced: false },
  ],
  ['index', 'Binding', { group: '', version: 'v1', kind: 'Binding', plural: 'bindings', namespaced: true }],
  [
    'index',
    'HorizontalPodAutoscaler',
    {
      group: 'autoscaling',
      version: 'v2',
      kind: 'HorizontalPodAutoscaler',
      plural: 'horizontalpodautoscalers',
      namespaced: true,
    },
  ],
  ['events/v1', 'Event', { group: 'events.k8s.io', version: 'v1', kind: 'Event', plural: 'events', namespaced: true }],
  ['core/v1', 'Endpoints', { group: '', version: 'v1', kind: 'Endpoints', plural: 'endpoints', namespaced: true }],
  [
    'networking/v1',
    'IngressClass',
    { group: 'networking.k8s.io', version: 'v1', kind: 'IngressClass', plural: 'ingressclasses', namespaced: false },
  ],
  [
    'rbac/v1',
    'RoleBinding',
    {
      group: 'rbac.authorization.k8s.io',
      version: 'v1',
      kind: 'RoleBinding',
      plural: 'rolebindings',
      namespaced: true,
    },
  ],
  [
    'authorization/v1',
    'LocalSubjectAccessReview',
    {
      group: 'authorization.k8s.io',
      version: 'v1',
      kind: 'LocalSubjectAccessReview',
      plural: 'localsubjectaccessreviews',
      namespaced: true,
    },
  ],
])('%s has the handle of %s', async (module, name, expected) => {
  const loaded = await import(pathToFileURL(join(dist, `k8s/${module}.js`)).href);
  expect(loaded[name]).toEqual(expected);
});

test('what a module has at run time are the handles of its own group version', async () => {
  const modules = Object.keys(table().exports).filter((module) => module.startsWith('opgen/k8s/'));
  for (const module of modules) {
    const [, , group, version] = module.split('/');
    const loaded: object = await import(pathToFileURL(join(dist, `${module.slice('opgen/'.length)}.js`)).href);
    for (const [name, handle] of Object.entries(loaded)) {
      expect([handle.group.split('.')[0] || 'core', handle.version, handle.kind], module).toEqual([
        group,
        version,
        name,
      ]);
    }
  }
});

test('the build stays small', () => {
  const files = readdirSync(join(dist, 'k8s'), { recursive: true, encoding: 'utf8' });
  const bytes = files.reduce((sum, file) => sum + statSync(join(dist, 'k8s', file)).size, 0);
  expect(bytes).toBeLessThan(4_000_000);
});
