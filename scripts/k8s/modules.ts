import type { Kind } from './kinds.js';
import { type Model, splitType, type Type } from './models.js';
import { extraExports } from './overlay.js';

/** Exported name → type of the table, sorted by name. */
export type Exports = { readonly [name: string]: string };

/**
 * What each module of `opgen/k8s` exports: '' is `opgen/k8s` itself, `apps/v1` is `opgen/k8s/apps/v1`. The first part of a path
 * is the first label of the group, as in Go's k8s.io/api: `networking/v1`, `rbac/v1`; `core` for the empty group.
 */
export function modulesOf(models: readonly Model[], kinds: readonly Kind[]): { readonly [path: string]: Exports } {
  const roots = new Map<string, Set<string>>(
    Object.entries(extraExports).map(([path, types]) => [path, new Set(types)]),
  );
  const groups = new Map<string, string>();
  for (const kind of kinds) {
    const path = modulePath(kind);
    const group = groups.get(path) ?? kind.group;
    if (group !== kind.group) throw new Error(`the groups "${group}" and "${kind.group}" share the module ${path}`);
    groups.set(path, group);
    const types = roots.get(path) ?? new Set();
    roots.set(path, types.add(kind.type).add(kind.list ?? kind.type));
  }
  const byType = new Map(models.map((model) => [model.type, model]));
  const modules = Array.from(roots, ([path, types]) => [path, exportsOf(path, reach([...types], byType))] as const);
  modules.push(['', indexExports(models)]);
  return Object.fromEntries(modules.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function modulePath(kind: Kind): string {
  return `${kind.group.split('.')[0] || 'core'}/${kind.version}`;
}

/** The types that a type names directly. */
export function typesIn(type: Type): string[] {
  if (type.kind === 'ref') return [type.to];
  if (type.kind !== 'leaf') return typesIn(type.of);
  return type.leaf === 'intOrString' ? ['IntOrString'] : type.leaf === 'quantity' ? ['Quantity'] : [];
}

/** The types and all that they lead to. */
export function reach(types: readonly string[], byType: ReadonlyMap<string, Model>): Set<string> {
  const reached = new Set(types);
  for (const type of reached) {
    for (const { type: used } of byType.get(type)?.properties ?? []) for (const to of typesIn(used)) reached.add(to);
  }
  return reached;
}

function exportsOf(path: string, types: ReadonlySet<string>): Exports {
  const names = new Map<string, string>();
  for (const type of types) {
    const { name } = splitType(type);
    const other = names.get(name);
    if (other) throw new Error(`${path} would export both ${other} and ${type} as ${name}`);
    names.set(name, type);
  }
  return sorted(names);
}

/**
 * The index exports every name once. Of several versions the newest stable one wins (autoscaling v2 over v1, v1 over v1beta1); of
 * several groups core, then RBAC, then the first by the alphabet. The modules of the group versions have the others.
 */
function indexExports(models: readonly Model[]): Exports {
  const names = new Map([
    ['IntOrString', 'IntOrString'],
    ['Quantity', 'Quantity'],
  ]);
  const versioned = models.filter((model) => model.prefix !== '');
  for (const model of [...versioned].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))) {
    if (!names.has(model.name)) names.set(model.name, model.type);
  }
  return sorted(names);
}

/** Sorts the type that wins first. */
function rank(model: Model): string {
  const [, group = '', major = '', stage = 'stable', minor = '0'] =
    /^([A-Z][a-z]+)?V(\d+)(?:(alpha|beta)(\d+))?$/.exec(model.prefix) ?? [];
  const newest = [['stable', 'beta', 'alpha'].indexOf(stage), 1000 - Number(major), 1000 - Number(minor)];
  return [...newest, group === 'Core' ? 0 : group === 'Rbac' ? 1 : 2, model.type].join(' ');
}

function sorted(names: ReadonlyMap<string, string>): Exports {
  return Object.fromEntries([...names].sort(([a], [b]) => (a < b ? -1 : 1)));
}
