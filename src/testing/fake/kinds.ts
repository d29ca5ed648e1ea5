import { builtinKinds, isWatchable } from '../../k8s/kinds.js';
import { isMembers } from '../../runtime/json.js';
import type { AnyResource, K8sObject } from '../../runtime/resource.js';
import type { validateObject } from '../../validate/object.js';

/** The schema of a version of a CRD. */
export type JsonSchema = Parameters<typeof validateObject>[0];

/** Where the numbers of the scale subresource are, as paths such as `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
}

/** A kind in one version, as the fake serves it. */
export interface ServedKind {
  readonly resource: AnyResource;
  readonly singular: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Group and plural: the versions of a kind share their objects. */
  readonly storage: string;
  /** From a CRD or a handle; false for what every API server has. */
  readonly custom: boolean;
  /** The status is written through its subresource only. */
  readonly splitStatus: boolean;
  readonly hasGeneration: boolean;
  readonly scale?: ScalePaths;
  readonly schema?: JsonSchema;
  readonly selectable?: readonly string[];
  readonly columns: readonly PrinterColumn[];
  /** What every answer of a deprecated version says. */
  readonly warning?: string;
}

/** The part of a CRD that the fake reads. */
export interface CrdObject extends K8sObject {
  readonly spec: {
    readonly group: string;
    readonly scope?: string;
    readonly names: {
      readonly kind: string;
      readonly plural: string;
      readonly singular?: string;
      readonly listKind?: string;
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
    };
    readonly versions: readonly CrdVersion[];
  };
}

interface CrdVersion {
  readonly name: string;
  readonly served?: boolean;
  readonly storage?: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: JsonSchema };
  readonly subresources?: { readonly status?: object; readonly scale?: ScalePaths };
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
}

export const crdStorage = 'apiextensions.k8s.io/customresourcedefinitions';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const withStatus = words(
  'namespaces nodes persistentvolumeclaims persistentvolumes pods replicationcontrollers resourcequotas services daemonsets deployments ' +
    'replicasets statefulsets cronjobs jobs ingresses servicecidrs poddisruptionbudgets horizontalpodautoscalers certificatesigningrequests ' +
    'volumeattachments customresourcedefinitions apiservices validatingadmissionpolicies flowschemas prioritylevelconfigurations resourceclaims',
);

const withGeneration = words(
  'pods replicationcontrollers daemonsets deployments replicasets statefulsets cronjobs jobs ingresses networkpolicies poddisruptionbudgets ' +
    'customresourcedefinitions validatingadmissionpolicies validatingadmissionpolicybindings mutatingadmissionpolicies ' +
    'mutatingadmissionpolicybindings mutatingwebhookconfigurations validatingwebhookconfigurations flowschemas prioritylevelconfigurations',
);

const shortNames: Readonly<Record<string, readonly string[]>> = {
  configmaps: ['cm'],
  customresourcedefinitions: ['crd', 'crds'],
  daemonsets: ['ds'],
  deployments: ['deploy'],
  events: ['ev'],
  horizontalpodautoscalers: ['hpa'],
  ingresses: ['ing'],
  namespaces: ['ns'],
  nodes: ['no'],
  persistentvolumeclaims: ['pvc'],
  persistentvolumes: ['pv'],
  pods: ['po'],
  replicasets: ['rs'],
  serviceaccounts: ['sa'],
  services: ['svc'],
  statefulsets: ['sts'],
};

const builtinScale: ScalePaths = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.spec.selector',
};

/** The kinds of every API server. */
const builtinServed = (): readonly ServedKind[] =>
  builtinKinds()
    .filter(isWatchable)
    .map((resource) => ({
      ...basics(resource),
      custom: false,
      shortNames: shortNames[resource.plural] ?? [],
      splitStatus: withStatus.has(resource.plural),
      hasGeneration: withGeneration.has(resource.plural),
      ...(/^(deployments|statefulsets|replicasets|replicationcontrollers)$/.test(resource.plural) && {
        scale: builtinScale,
      }),
    }));

/** A kind of which only the handle is known: any object is accepted, and its status is split off. */
export const servedByHandle = ({ group, version, kind, plural, namespaced }: AnyResource): ServedKind => ({
  ...basics({ group, version, kind, plural, namespaced }),
  custom: true,
  splitStatus: true,
  hasGeneration: true,
});

/** Every served version of a CRD. */
export function servedByCrd({ spec }: CrdObject): readonly ServedKind[] {
  const { group, names, scope } = spec;
  const { kind, plural } = names;
  return spec.versions
    .filter(({ served }) => served !== false)
    .map((version) => ({
      ...basics({ group, version: version.name, kind, plural, namespaced: scope !== 'Cluster' }),
      ...namesOf(names),
      ...partsOf(version),
      custom: true,
      hasGeneration: true,
      ...(version.deprecated && { warning: version.deprecationWarning ?? deprecation(group, version.name, kind) }),
    }));
}

function basics(resource: AnyResource) {
  return {
    resource,
    singular: resource.kind.toLowerCase(),
    listKind: `${resource.kind}List`,
    storage: `${resource.group}/${resource.plural}`,
    shortNames: [],
    categories: [],
    columns: [],
  };
}

const namesOf = ({ singular, listKind, shortNames = [], categories = [] }: CrdObject['spec']['names']) => ({
  ...(singular && { singular }),
  ...(listKind && { listKind }),
  shortNames,
  categories,
});

function partsOf({ schema, subresources, selectableFields = [], additionalPrinterColumns = [] }: CrdVersion) {
  const openApi = schema?.openAPIV3Schema;
  return {
    splitStatus: isMembers(subresources?.status),
    ...(subresources?.scale && { scale: subresources.scale }),
    ...(openApi && { schema: openApi }),
    selectable: selectableFields.map(({ jsonPath }) => jsonPath.replace(/^\./, '')),
    columns: additionalPrinterColumns,
  };
}

const deprecation = (group: string, version: string, kind: string): string =>
  `${group}/${version} ${kind} is deprecated`;

/** The kinds that are served now. */
export interface Kinds {
  find(group: string, version: string, plural: string): ServedKind | undefined;
  ofObject(object: K8sObject): ServedKind | undefined;
  /** The first served version of what is stored. */
  ofStorage(storage: string): ServedKind | undefined;
  all(): readonly ServedKind[];
  /** Kinds that are there already, built-in ones in particular, stay as they are. */
  add(kinds: readonly ServedKind[]): void;
  /** Replaces the kinds of a storage. */
  replace(storage: string, kinds: readonly ServedKind[]): void;
}

export function createKinds(): Kinds {
  const served = new Map<string, ServedKind>();
  const keyOf = ({ resource: { group, version, plural } }: ServedKind): string => `${group}/${version}/${plural}`;
  const add = (kinds: readonly ServedKind[]): void => {
    for (const kind of kinds) if (!served.has(keyOf(kind))) served.set(keyOf(kind), kind);
  };
  add(builtinServed());
  return {
    find: (group, version, plural) => served.get(`${group}/${version}/${plural}`),
    ofObject({ apiVersion = '', kind }) {
      const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
      const isOf = ({ resource }: ServedKind): boolean =>
        resource.kind === kind && resource.group === group && resource.version === version;
      return [...served.values()].find(isOf);
    },
    ofStorage: (storage) => [...served.values()].find((kind) => kind.storage === storage),
    all: () => [...served.values()],
    add,
    replace(storage, kinds) {
      for (const [key, kind] of served) if (kind.custom && kind.storage === storage) served.delete(key);
      add(kinds);
    },
  };
}
