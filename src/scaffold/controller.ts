import { posix } from 'node:path';
import type { Artifact } from '../emit/artifact.js';
import { pluralize } from '../names.js';
import { controllerConstant, controllerName, defaultController } from '../project/controllers.js';
import { type Project, qualifiedGroup, type Resource } from '../project/model.js';
import { controllerFile, controllerTestFile, externalFile, generatedFile, importPath } from '../project/paths.js';
import { comment, identifier, path, quoted } from '../template/encode.js';
import { compareModules } from '../template/insert.js';
import { readTemplates } from '../template/load.js';
import { renderTree, type Values } from '../template/render.js';
import { coreGroup } from './builtin.js';
import { type Image, imageValues } from './image.js';
import { mainArtifact } from './main.js';

export interface ControllerInput {
  readonly project: Project;
  readonly resource: Resource;
  /** Name of the controller's file; that of the kind is the default. */
  readonly name: string;
  readonly image?: Image;
}

/** A controller with a test that passes, and its lines in `src/main.ts`. */
export function controllerArtifacts(input: ControllerInput): readonly Artifact[] {
  const { project, resource, name, image } = input;
  const file = controllerFile(project, resource, name);
  const files = renderTree(readTemplates(templateSet(input)), {
    ...values(input, file),
    ...(image && imageValues(image, resource.kind)),
  });
  const constant = controllerConstant(project, resource, name);
  return [
    ...files.map(({ path, content }): Artifact => ({ path, owner: 'user', content })),
    mainArtifact({ constant, module: importPath('src/main.ts', file) }),
  ];
}

function templateSet({ resource, image }: ControllerInput): string {
  if (!resource.api) return 'controller-foreign';
  return image ? 'controller-image' : 'controller';
}

function values({ project, resource, name }: ControllerInput, file: string): Values {
  const { kind, version, plural, namespaced } = resource;
  const test = controllerTestFile(project, resource, name);
  const processName = controllerName(project, resource, name);
  const group = qualifiedGroup(resource);
  const crds = importPath(test, 'src/generated/crds.ts');
  const local = globals.has(kind) ? `${kind}Kind` : kind;
  return {
    file: path(posix.relative('src/controllers', file).replace(/\.ts$/, '')),
    kind: identifier(local),
    kindName: comment(kind),
    handle: comment(local === kind ? kind : `${kind} as ${local}`),
    constant: identifier(controllerConstant(project, resource, name)),
    name: processName !== defaultController(resource) && quoted(processName),
    group: comment(group),
    plural: comment(plural ?? pluralize(kind)),
    apiVersion: comment(group === coreGroup ? version : `${group}/${version}`),
    namespaced,
    builtin: resource.core === true,
    handleFromSource: comment(handleModule(project, resource, file)),
    handleFromTest: comment(handleModule(project, resource, test)),
    controllerFromTest: comment(importPath(test, file)),
    crdsFromTest: comment(crds),
    crdsFirst: compareModules(crds, handleModule(project, resource, test)) < 0,
    finalizer: comment(`${group}/finalizer`),
    label: comment(kind.toLowerCase()),
    deployment: identifier(childName('Deployment', kind)),
    pod: identifier(childName('Pod', kind)),
    service: identifier(childName('Service', kind)),
    builtins: comment(imports(['Deployment', 'Pod', 'Service'], kind)),
    testBuiltins: comment(imports(['Deployment', 'Service'], kind)),
  };
}

/** Names of the language that a file must not take for something else. */
const globals = new Set(
  `AggregateError Array ArrayBuffer Atomics BigInt Boolean DataView Date Error EvalError Float32Array Float64Array Function Infinity Int16Array
  Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer
  String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array WeakMap WeakRef WeakSet Record`.split(
    /\s+/,
  ),
);

/** A built-in kind as the file calls it: a kind of the project may have the same name. */
const childName = (builtin: string, kind: string): string => (builtin === kind ? `K8s${builtin}` : builtin);

/** In the order that the linter wants. */
function imports(builtins: readonly string[], kind: string): string {
  const specifier = (builtin: string) => (builtin === kind ? `${builtin} as ${childName(builtin, kind)}` : builtin);
  const order = (builtin: string) => childName(builtin, kind);
  return [...builtins]
    .sort((a, b) => (order(a) < order(b) ? -1 : 1))
    .map(specifier)
    .join(', ');
}

/** Where the handle of the kind comes from: a package for built-in kinds, else a file of the project. */
function handleModule(project: Project, resource: Resource, from: string): string {
  if (resource.core) return resource.path ?? '';
  return importPath(from, resource.external ? externalFile(resource) : generatedFile(project, resource));
}
