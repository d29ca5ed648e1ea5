import type { Checked, Diagnostic } from '../../diagnostics.js';
import { isWatchable } from '../../k8s/kinds.js';
import { nearest } from '../../nearest.js';
import { type Project, qualifiedGroup, type Resource } from '../../project/model.js';
import {
  checkForeignVersion,
  checkGroup,
  checkKind,
  checkPlural,
  checkQualifiedGroup,
  checkVersion,
} from '../../project/names.js';
import { apiFile } from '../../project/paths.js';
import { builtinGroup, builtinResource, coreGroup, preferredVersion } from '../../scaffold/builtin.js';
import type { FlagValues } from '../command.js';
import { isExternal } from './flags.js';

/** The kind that somebody asks for, before it is known whose it is. */
export interface Asked {
  readonly group: string;
  /** Absent where it was neither given nor asked for. */
  readonly version?: string;
  readonly kind: string;
  readonly flags: FlagValues;
}

type Found = Checked<Resource | undefined>;

const refused = (...diagnostics: readonly (Diagnostic | undefined)[]): Found => ({
  value: undefined,
  diagnostics: diagnostics.filter((each) => each !== undefined),
});

/** A kind whose types are to be written. */
export function newKind(asked: Asked, project: Project): Found {
  const { group, kind, flags, version = 'v1alpha1' } = asked;
  const plural = typeof flags.plural === 'string' ? flags.plural : undefined;
  const { diagnostics } = refused(
    checkKind(kind),
    checkQualifiedGroup(group, project.domain),
    checkVersion(version),
    plural === undefined ? undefined : checkPlural(plural),
    flags.resource === undefined ? mistakenForBuiltin(asked, project) : undefined,
  );
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  const resource: Resource = {
    group,
    ...(project.domain === '' ? {} : { domain: project.domain }),
    version,
    kind,
    ...(plural === undefined ? {} : { plural }),
    namespaced: flags.namespaced !== false,
    api: true,
    controller: false,
    webhooks: [],
  };
  return { value: { ...resource, path: apiFile(project, resource) }, diagnostics: [] };
}

/** A kind whose types exist: one of the project, of Kubernetes or of another project. */
export function existingKind(asked: Asked, project: Project): Found {
  const { kind } = asked;
  const flaw = checkKind(kind);
  if (flaw) return refused(flaw);
  if (isExternal(asked.flags)) return externalKind(asked, project);
  const own = project.resources.find((each) => !each.core && isMeant(each, asked));
  if (own) return { value: own, diagnostics: [] };
  const builtin = builtinGroup(asked.group);
  return builtin.length > 0 ? builtinKind(asked, builtin) : refused(unknownKind(asked, project));
}

const isMeant = (resource: Resource, { group, version, kind }: Asked): boolean =>
  resource.kind === kind &&
  (resource.group === group || qualifiedGroup(resource) === group) &&
  (version === undefined || resource.version === version);

function externalKind({ group, kind, flags, version = 'v1' }: Asked, project: Project): Found {
  const domain = typeof flags.externalApiDomain === 'string' ? flags.externalApiDomain : '';
  const plural = typeof flags.plural === 'string' ? flags.plural : undefined;
  const path = typeof flags.externalApiPath === 'string' ? flags.externalApiPath : undefined;
  const whole = qualifiedGroup({ group, domain });
  const { diagnostics } = refused(
    checkGroup(whole) ?? (whole === '' ? noGroup : undefined),
    checkForeignVersion(version),
    plural === undefined ? undefined : checkPlural(plural),
  );
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  const known = project.resources.find(
    (each) => each.external && qualifiedGroup(each) === whole && each.version === version && each.kind === kind,
  );
  const resource: Resource = {
    group,
    ...(domain === '' ? {} : { domain }),
    version,
    kind,
    ...(plural === undefined ? {} : { plural }),
    ...(path === undefined ? {} : { path }),
    ...(typeof flags.externalApiModule === 'string' ? { module: flags.externalApiModule } : {}),
    external: true,
    namespaced: flags.namespaced !== false,
    api: false,
    controller: false,
    webhooks: [],
  };
  return { value: known ? { ...resource, ...known, namespaced: resource.namespaced } : resource, diagnostics: [] };
}

const noGroup: Diagnostic = {
  code: 'OG5001',
  severity: 'error',
  message: 'An external kind needs its API group, but none is given',
  hint: 'add `--group cert-manager --external-api-domain io`',
};

function builtinKind({ group, kind, version }: Asked, kinds: ReturnType<typeof builtinGroup>): Found {
  const named = kinds.filter((each) => each.kind === kind);
  const wanted = version ?? preferredVersion(named);
  const found = named.find((each) => each.version === wanted);
  if (!found) return refused(noSuchBuiltin(group, kind, wanted, kinds));
  if (isWatchable(found)) return { value: builtinResource(found), diagnostics: [] };
  const message = `A controller watches objects, but the API server keeps none of \`${kind}\``;
  return refused({
    code: 'OG5013',
    severity: 'error',
    message,
    hint: 'choose another kind, such as `Deployment` of apps/v1',
  });
}

function noSuchBuiltin(
  group: string,
  kind: string,
  version: string | undefined,
  kinds: ReturnType<typeof builtinGroup>,
): Diagnostic {
  const versions = [...new Set(kinds.filter((each) => each.kind === kind).map((each) => each.version))];
  const names = [...new Set(kinds.map((each) => each.kind))];
  const near = nearest(kind, names);
  const [fact, hint] =
    versions.length > 0
      ? [`it has no \`${kind}\` of ${version}`, `use \`--version ${versions[0]}\``]
      : [
          `it has no \`${kind}\``,
          near ? `did you mean \`--kind ${near}\`?` : `use one of ${names.slice(0, 12).join(', ')}`,
        ];
  return { code: 'OG5013', severity: 'error', message: `\`${group}\` is a group of Kubernetes, but ${fact}`, hint };
}

function unknownKind({ group, kind, version }: Asked, project: Project): Diagnostic {
  const own = project.resources.filter((each) => each.kind === kind);
  const name = `\`${kind}\`${version === undefined ? '' : ` of ${[group, version].filter((part) => part !== '').join('/')}`}`;
  const message = `A controller without types of its own needs a kind that exists, but PROJECT does not have ${name}`;
  const other = own[0] && `use \`--group ${own[0].group || "''"} --version ${own[0].version}\``;
  const core = group === '' && builtinGroup(coreGroup).some((each) => each.kind === kind);
  const hint =
    other ??
    (core
      ? `use \`--group ${coreGroup}\` for the kind of Kubernetes`
      : 'drop `--no-resource` to write its types; add `--external-api-domain` if it is a kind of another project');
  return { code: 'OG5013', severity: 'error', message, hint };
}

/** `--group apps --kind Deployment` without more may mean the kind of Kubernetes. */
function mistakenForBuiltin({ group, kind, version }: Asked, project: Project): Diagnostic | undefined {
  const found = builtinGroup(group).find(
    (each) => each.kind === kind && (version === undefined || each.version === version),
  );
  if (!found) return undefined;
  const own = qualifiedGroup({ group, domain: project.domain });
  const message = `\`create api\` writes the types of a new kind, but \`${kind}\` of \`${group}\` is a kind of Kubernetes`;
  const hint = `add \`--no-resource\` for a controller of it, or \`--resource\` for a kind of your own in \`${own}\``;
  return { code: 'OG5013', severity: 'error', message, hint };
}
