/**
 * The file PROJECT, in kubebuilder's version 3. The JSON schema that checks the file is made from these types at build time; unknown
 * keys are allowed everywhere and kept.
 */
export interface ProjectFile {
  version: '3';
  /** `[opgen.dev/v1]`; a string is read as a list of one. */
  layout: string[] | string;
  /** Suffix of the API groups: `example.com`. */
  domain: string;
  projectName: string;
  /** Name in package.json. */
  repo?: string;
  multigroup?: boolean;
  namespaced?: boolean;
  /** Version of opgen that made the project. */
  cliVersion?: string;
  plugins?: { [key: string]: unknown };
  resources?: ResourceEntry[];
  [key: string]: unknown;
}

export interface ResourceEntry {
  /** Absent for external and built-in types. */
  api?: { crdVersion?: 'v1'; namespaced?: boolean; [key: string]: unknown };
  controller?: boolean;
  controllers?: { name: string; [key: string]: unknown }[];
  domain?: string;
  group?: string;
  version: string;
  kind: string;
  plural?: string;
  path?: string;
  core?: boolean;
  external?: boolean;
  module?: string;
  webhooks?: {
    webhookVersion?: string;
    defaulting?: boolean;
    validation?: boolean;
    conversion?: boolean;
    spoke?: string[];
    defaultingPath?: string;
    validationPath?: string;
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

/** PROJECT in memory. */
export interface Project {
  readonly layout: readonly string[];
  readonly domain: string;
  readonly name: string;
  /** The package name. */
  readonly repo?: string;
  readonly multigroup: boolean;
  readonly namespaced: boolean;
  readonly cliVersion?: string;
  readonly resources: readonly Resource[];
}

/** Identity: group, domain, version, kind. */
export interface Resource {
  /** Without the domain; empty when the API group is the domain itself. */
  readonly group: string;
  readonly domain?: string;
  readonly version: string;
  readonly kind: string;
  /** Only when irregular. */
  readonly plural?: string;
  /** Module of the API types. */
  readonly path?: string;
  /** A built-in kind. */
  readonly core?: boolean;
  /** A type of another package. */
  readonly external?: boolean;
  readonly module?: string;
  readonly namespaced: boolean;
  readonly api: boolean;
  readonly controller: boolean;
  /** Names, where the kind has named controllers. */
  readonly controllers?: readonly string[];
  readonly webhooks: readonly ('defaulting' | 'validation' | 'conversion')[];
  /** Versions, on the hub only. */
  readonly spokes?: readonly string[];
  readonly defaultingPath?: string;
  readonly validationPath?: string;
}

/** `cache` + `example.com` → `cache.example.com`; an empty group gives the domain, an empty domain the group. */
export function qualifiedGroup(resource: Pick<Resource, 'group' | 'domain'>): string {
  return [resource.group, resource.domain ?? ''].filter((part) => part !== '').join('.');
}
