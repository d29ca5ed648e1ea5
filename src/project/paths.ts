import { posix } from 'node:path';
import type { Project, Resource } from './model.js';

export type Layout = Pick<Project, 'multigroup'>;
export type Named = Pick<Resource, 'group' | 'kind'>;
type Versioned = Pick<Resource, 'group' | 'version' | 'kind'>;

export const projectFile = 'PROJECT';
/** The role of the operator, made from the RBAC markers. */
export const roleFile = 'config/rbac/role.yaml';

/** `src/api/v1alpha1/memcached.ts`; with multigroup `src/api/cache/v1alpha1/memcached.ts`. */
export function apiFile(project: Layout, resource: Versioned): string {
  return `src/api/${versionDir(project, resource)}/${fileName(resource.kind)}.ts`;
}

/** The file with the marker `+groupName`, beside the kinds of one group and version. */
export function groupVersionFile(project: Layout, resource: Omit<Versioned, 'kind'>): string {
  return `src/api/${versionDir(project, resource)}/groupversion.ts`;
}

/** `src/generated/v1alpha1/memcached.ts`; with multigroup `src/generated/cache/v1alpha1/memcached.ts`. */
export function generatedFile(project: Layout, resource: Versioned): string {
  return `src/generated/${versionDir(project, resource)}/${fileName(resource.kind)}.ts`;
}

/** The CRD as data: `src/generated/crds/memcacheds.cache.example.com.ts`. `name`: of the CRD. */
export const crdCodeFile = (name: string): string => `src/generated/crds/${name}.ts`;

/** `src/controllers/memcached.ts`; with multigroup `src/controllers/cache/memcached.ts`. A named controller has its name in place of the kind. */
export function controllerFile(project: Layout, resource: Named, name = fileName(resource.kind)): string {
  return `src/controllers/${groupDir(project, resource)}${name}.ts`;
}

/** `test/controllers/memcached.test.ts`; with multigroup `test/controllers/cache/memcached.test.ts`. */
export function controllerTestFile(project: Layout, resource: Named, name = fileName(resource.kind)): string {
  return `test/controllers/${groupDir(project, resource)}${name}.test.ts`;
}

/** The handle of a kind that another project installs: `src/external/cert-manager/v1/certificate.ts`. */
export function externalFile(resource: Versioned): string {
  return `src/external/${[resource.group, resource.version, fileName(resource.kind)].filter((part) => part !== '').join('/')}.ts`;
}

/** `config/samples/cache_v1alpha1_memcached.yaml`; without a group `config/samples/v1alpha1_memcached.yaml`. */
export function sampleFile(resource: Versioned): string {
  return `config/samples/${joined(resource.group, resource.version, fileName(resource.kind))}.yaml`;
}

/** `config/crd/bases/cache.example.com_memcacheds.yaml`. `group` is the whole API group. */
export function crdFile(group: string, plural: string): string {
  return `config/crd/bases/${group}_${plural}.yaml`;
}

/** The ClusterRole for people: `config/rbac/memcached_admin_role.yaml`; with multigroup `config/rbac/cache_memcached_admin_role.yaml`. */
export function kindRoleFile(project: Layout, resource: Named, role: 'admin' | 'editor' | 'viewer'): string {
  return `config/rbac/${joined(project.multigroup ? resource.group : '', fileName(resource.kind), role, 'role')}.yaml`;
}

/** `./…` or `../…` from one file to another, as TypeScript's ESM imports want it: with the extension that the output has. */
export function importPath(from: string, to: string): string {
  const relative = posix.relative(posix.dirname(from), to).replace(/\.([mc]?)tsx?$/, '.$1js');
  return relative.startsWith('.') ? relative : `./${relative}`;
}

/** An empty group, which stands for the domain, has no folder of its own, as in kubebuilder. */
function groupDir(project: Layout, resource: Pick<Resource, 'group'>): string {
  return project.multigroup && resource.group !== '' ? `${resource.group}/` : '';
}

function versionDir(project: Layout, resource: Pick<Resource, 'group' | 'version'>): string {
  return groupDir(project, resource) + resource.version;
}

const fileName = (kind: string): string => kind.toLowerCase();
const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('_');
