import type { ClusterRequest } from '../../runtime/cluster.js';
import { apiVersionOf } from '../../runtime/resource.js';
import type { Server } from './call.js';
import type { ServedKind } from './kinds.js';

/** The content type of all groups in one answer, by which clients tell that they got what they accept. */
const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** The answer to a question about the server itself, such as `/version` or `/apis`; undefined for other paths. */
export function discover(server: Server, request: ClusterRequest): { body: object | string; type: string } | undefined {
  if (request.method === 'GET' && /^\/(healthz|readyz|livez)$/.test(request.path))
    return { body: 'ok', type: 'text/plain' };
  const body = request.method === 'GET' ? bodyFor(server, request) : undefined;
  if (!body) return undefined;
  const isAggregated = 'kind' in body && body.kind === 'APIGroupDiscoveryList';
  return { body, type: isAggregated ? aggregatedType : 'application/json' };
}

function bodyFor({ kinds }: Server, { path, headers = {} }: ClusterRequest): object | undefined {
  const accept = headers.accept ?? headers.Accept ?? '';
  const parts = path.split('/').slice(1);
  const [root, group = '', version] = parts;
  if (path === '/version') return { major: '1', minor: '36', gitVersion: 'v1.36.0', platform: 'opgen/fake' };
  if (root === 'api' && parts.length === 2) return resourcesOf(kinds.all(), '', group);
  if (root === 'apis' && parts.length === 3) return resourcesOf(kinds.all(), group, version ?? '');
  if (path === '/api' || path === '/apis') {
    const groups = path === '/api' ? [''] : groupsOf(kinds.all()).filter((name) => name !== '');
    if (accept.includes('APIGroupDiscoveryList')) return aggregated(kinds.all(), groups);
    return path === '/api' ? { kind: 'APIVersions', versions: ['v1'] } : groupList(kinds.all(), groups);
  }
  if (root === 'apis' && parts.length === 2 && versionsOf(kinds.all(), group).length > 0)
    return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(kinds.all(), group) };
  return undefined;
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const subresourceVerbs = ['get', 'patch', 'update'];

const groupsOf = (kinds: readonly ServedKind[]): readonly string[] => [
  ...new Set(kinds.map(({ resource }) => resource.group)),
];

/** The most stable version first: `v2`, `v1`, `v1beta1`, `v1alpha2`. */
const versionsOf = (kinds: readonly ServedKind[], group: string): readonly string[] => {
  const versions = kinds.filter(({ resource }) => resource.group === group).map(({ resource }) => resource.version);
  return [...new Set(versions)].sort(compareVersions);
};

function compareVersions(left: string, right: string): number {
  const rank = (version: string): number => (version.includes('alpha') ? 2 : version.includes('beta') ? 1 : 0);
  return rank(left) - rank(right) || right.localeCompare(left, 'en', { numeric: true });
}

const kindsOf = (kinds: readonly ServedKind[], group: string, version: string): readonly ServedKind[] =>
  kinds.filter(({ resource }) => resource.group === group && resource.version === version);

const subresourcesOf = ({ splitStatus, scale }: ServedKind): readonly string[] => [
  ...(splitStatus ? ['status'] : []),
  ...(scale ? ['scale'] : []),
];

function resourcesOf(kinds: readonly ServedKind[], group: string, version: string): object | undefined {
  const found = kindsOf(kinds, group, version);
  if (found.length === 0) return undefined;
  const groupVersion = apiVersionOf({ group, version });
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: found.flatMap(resourceEntries) };
}

function resourceEntries(served: ServedKind): readonly object[] {
  const { resource, singular, shortNames, categories } = served;
  const { plural, kind, namespaced } = resource;
  const more = {
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
  };
  return [
    { name: plural, singularName: singular, namespaced, kind, verbs, ...more },
    ...subresourcesOf(served).map((name) => ({
      name: `${plural}/${name}`,
      singularName: '',
      namespaced,
      ...subresourceKind(name, kind),
      verbs: subresourceVerbs,
    })),
  ];
}

const subresourceKind = (name: string, kind: string): object =>
  name === 'scale' ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : { kind };

function groupOf(kinds: readonly ServedKind[], name: string): object {
  const versions = versionsOf(kinds, name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

const groupList = (kinds: readonly ServedKind[], groups: readonly string[]): object => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groups.map((name) => groupOf(kinds, name)),
});

/** All groups with their resources in one answer. */
const aggregated = (kinds: readonly ServedKind[], groups: readonly string[]): object => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  metadata: {},
  items: groups.map((group) => ({
    metadata: group === '' ? {} : { name: group },
    versions: versionsOf(kinds, group).map((version) => ({
      version,
      resources: kindsOf(kinds, group, version).map(aggregatedResource),
      freshness: 'Current',
    })),
  })),
});

function aggregatedResource(served: ServedKind): object {
  const { resource, singular, shortNames, categories } = served;
  const { group, version, kind, plural, namespaced } = resource;
  const subresources = subresourcesOf(served).map((subresource) => ({
    subresource,
    responseKind:
      subresource === 'scale' ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : { group, version, kind },
    verbs: subresourceVerbs,
  }));
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(subresources.length > 0 && { subresources }),
  };
}
