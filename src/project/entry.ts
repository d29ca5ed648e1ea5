import type { Project, ProjectFile, Resource, ResourceEntry } from './model.js';

const webhookTypes = ['defaulting', 'validation', 'conversion'] as const;

/** What a file of the right shape says. */
export function toProject(file: ProjectFile): Project {
  return {
    layout: [file.layout].flat(),
    domain: file.domain,
    name: file.projectName,
    ...defined({ repo: file.repo, cliVersion: file.cliVersion }),
    multigroup: file.multigroup ?? false,
    namespaced: file.namespaced ?? false,
    resources: (file.resources ?? []).map(toResource),
  };
}

function toResource(entry: ResourceEntry): Resource {
  const { api, controllers, webhooks = {} } = entry;
  return {
    group: entry.group ?? '',
    ...defined({ domain: entry.domain }),
    version: entry.version,
    kind: entry.kind,
    ...defined({ plural: entry.plural, path: entry.path, module: entry.module }),
    ...defined({ core: entry.core, external: entry.external }),
    namespaced: api?.namespaced ?? false,
    api: api !== undefined,
    controller: entry.controller === true || (controllers ?? []).length > 0,
    ...defined({ controllers: controllers?.map((each) => each.name), spokes: webhooks.spoke }),
    webhooks: webhookTypes.filter((type) => webhooks[type] === true),
    ...defined({ defaultingPath: webhooks.defaultingPath, validationPath: webhooks.validationPath }),
  };
}

/** The entry as kubebuilder writes it: keys sorted, what is false or empty left out. */
export function toEntry(resource: Resource): ResourceEntry {
  const { controllers = [], spokes = [], defaultingPath, validationPath, webhooks } = resource;
  const has = (type: (typeof webhookTypes)[number]) => webhooks.includes(type) || undefined;
  return {
    ...(resource.api && { api: { crdVersion: 'v1', ...defined({ namespaced: resource.namespaced || undefined }) } }),
    ...(controllers.length > 0
      ? { controllers: controllers.map((name) => ({ name })) }
      : defined({ controller: resource.controller || undefined })),
    ...defined({ core: resource.core || undefined, domain: resource.domain, external: resource.external || undefined }),
    ...defined({ group: resource.group || undefined }),
    kind: resource.kind,
    ...defined({ module: resource.module, path: resource.path, plural: resource.plural }),
    version: resource.version,
    ...(webhooks.length > 0 && {
      webhooks: {
        ...defined({ conversion: has('conversion'), defaulting: has('defaulting'), defaultingPath }),
        ...(spokes.length > 0 && { spoke: [...spokes] }),
        ...defined({ validation: has('validation'), validationPath }),
        webhookVersion: 'v1',
      },
    }),
  };
}

/** Group, domain, version and kind: what no two entries share. */
export function identity(entry: Pick<ResourceEntry, 'group' | 'domain' | 'version' | 'kind'>): string {
  return JSON.stringify([entry.group ?? '', entry.domain ?? '', entry.version, entry.kind]);
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
