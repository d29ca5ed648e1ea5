import type { Crd } from '../../crd/crd.js';

/** The resources of Kubernetes that belong to no namespace, by group; `signers` are names that only RBAC knows. */
export const clusterResources: Readonly<Record<string, string>> = {
  '': 'componentstatuses namespaces nodes persistentvolumes',
  'admissionregistration.k8s.io':
    'mutatingadmissionpolicies mutatingadmissionpolicybindings mutatingwebhookconfigurations validatingadmissionpolicies ' +
    'validatingadmissionpolicybindings validatingwebhookconfigurations',
  'apiextensions.k8s.io': 'customresourcedefinitions',
  'apiregistration.k8s.io': 'apiservices',
  'authentication.k8s.io': 'selfsubjectreviews tokenreviews',
  'authorization.k8s.io': 'selfsubjectaccessreviews selfsubjectrulesreviews subjectaccessreviews',
  'certificates.k8s.io': 'certificatesigningrequests clustertrustbundles signers',
  'flowcontrol.apiserver.k8s.io': 'flowschemas prioritylevelconfigurations',
  'internal.apiserver.k8s.io': 'storageversions',
  'networking.k8s.io': 'ingressclasses ipaddresses servicecidrs',
  'node.k8s.io': 'runtimeclasses',
  'rbac.authorization.k8s.io': 'clusterrolebindings clusterroles',
  'resource.k8s.io': 'deviceclasses devicetaintrules resourcepoolstatusrequests resourceslices',
  'scheduling.k8s.io': 'priorityclasses',
  'storage.k8s.io': 'csidrivers csinodes storageclasses volumeattachments volumeattributesclasses',
  'storagemigration.k8s.io': 'storageversionmigrations',
};

/** What the API server looks up in the namespace of the same name, so that a Role there allows it. */
const ownNamespaceVerbs: readonly string[] = ['get', 'update', 'patch', 'delete'];

/** Whether a Role, which belongs to a namespace, grants nothing of these verbs on a resource or subresource. */
export type ScopeOf = (group: string, resource: string, verbs: readonly string[]) => boolean;

/** Knows the kinds of Kubernetes and those of the sources. */
export function scopeOf(crds: readonly Crd[]): ScopeOf {
  const known = new Map(Object.entries(clusterResources).map(([group, names]) => [group, new Set(names.split(' '))]));
  for (const { object } of crds) {
    const { group, names, scope } = object.spec;
    if (scope === 'Cluster') known.set(group, new Set([...(known.get(group) ?? []), names.plural]));
  }
  return (group, resource, verbs) => {
    const key = group === 'core' ? '' : group;
    const [plural = ''] = resource.split('/');
    const isOwn = key === '' && plural === 'namespaces' && verbs.every((verb) => ownNamespaceVerbs.includes(verb));
    return !isOwn && known.get(key)?.has(plural) === true;
  };
}
