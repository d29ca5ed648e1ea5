import type { Crd } from '../../crd/crd.js';
import type { Artifact } from '../../emit/artifact.js';
import { toYaml } from '../../emit/yaml.js';
import type { Project } from '../../project/model.js';
import { kindRoleFile } from '../../project/paths.js';
import { labels } from '../shared/labels.js';
import { layoutOf } from '../shared/layout.js';
import { header } from './manager.js';
import { policyRules } from './rules.js';

const reading = ['get', 'list', 'watch'];
const editing = [...reading, 'create', 'update', 'patch', 'delete'];

/** What each role may do to the objects, and to the number of their replicas. */
const roles = {
  admin: { verbs: [...editing, 'deletecollection'], scale: ['get', 'update', 'patch'] },
  editor: { verbs: editing, scale: ['get', 'update', 'patch'] },
  viewer: { verbs: reading, scale: ['get'] },
} as const;

/**
 * Roles for the people who work with a kind. The operator itself does not need them. Where the operator is confined to a namespace,
 * so are the roles of its namespaced kinds.
 */
export function peopleRoles(project: Project, crd: Crd): readonly Artifact[] {
  const { shortGroup } = layoutOf({ project, crds: [crd] });
  return (['admin', 'editor', 'viewer'] as const).map((role) => {
    const { group, names } = crd.object.spec;
    const path = kindRoleFile(project, { group: shortGroup(group), kind: names.kind }, role);
    const name = path
      .slice(path.lastIndexOf('/') + 1)
      .replace(/\.yaml$/, '')
      .replaceAll('_', '-');
    return {
      path,
      owner: 'opgen',
      content: toYaml(object(project, crd, role, name), header),
      at: crd.at,
      crd: crd.object.metadata.name,
    };
  });
}

function object(project: Project, crd: Crd, role: keyof typeof roles, name: string): object {
  const { group, names, scope, versions } = crd.object.spec;
  const { verbs, scale } = roles[role];
  const has = (subresource: 'status' | 'scale') => versions.some((version) => version.subresources?.[subresource]);
  const confined = project.namespaced && scope === 'Namespaced';
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: confined ? 'Role' : 'ClusterRole',
    metadata: { name, ...(confined && { namespace: 'system' }), labels: labels(project) },
    rules: policyRules([
      { groups: [group], resources: [names.plural], verbs },
      ...(has('status') ? [{ groups: [group], resources: [`${names.plural}/status`], verbs: ['get'] }] : []),
      ...(has('scale') ? [{ groups: [group], resources: [`${names.plural}/scale`], verbs: scale }] : []),
    ]),
  };
}
