import type { Artifact } from '../emit/artifact.js';
import { newProject } from '../project/file.js';
import { projectFile } from '../project/paths.js';
import { json, text, yaml } from '../template/encode.js';
import { readTemplates } from '../template/load.js';
import { renderTree, type TemplateFile } from '../template/render.js';
import { mainFile } from './main.js';

export interface InitInput {
  /** A DNS-1123 label. */
  readonly name: string;
  readonly domain: string;
  readonly multigroup: boolean;
  readonly namespaced: boolean;
  /** `apache2` or `none`. */
  readonly license: string;
  /** The author in package.json. */
  readonly owner?: string;
  /** What package.json says of opgen: a version, a range or `file:` with a tarball. */
  readonly opgenSpec: string;
  readonly opgenVersion: string;
}

/**
 * The files of a new project that are not generated: all the user's, but PROJECT, `src/main.ts` and the kustomizations,
 * which later commands edit.
 */
export function initArtifacts(input: InitInput): readonly Artifact[] {
  const { name, domain, multigroup, namespaced, opgenVersion: cliVersion } = input;
  const files = renderTree(readTemplates('init'), {
    name: text(name),
    packageName: json(name),
    domain: text(domain),
    multigroup,
    license: json(input.license === 'apache2' ? 'Apache-2.0' : 'UNLICENSED'),
    author: input.owner ? json(input.owner) : false,
    opgen: json(input.opgenSpec),
    namespaced,
    label: yaml(name),
    namespace: yaml(`${name}-system`),
    prefix: yaml(`${name}-`),
    electionId: yaml(`--leader-election-id=${name}.${domain}`),
  });
  const project = newProject({ domain, name, repo: name, multigroup, namespaced, cliVersion });
  return [{ path: projectFile, owner: 'shared', initial: project, edit: (before) => before }, ...files.map(toArtifact)];
}

function toArtifact({ path, content }: TemplateFile): Artifact {
  if (path !== mainFile && !path.endsWith('/kustomization.yaml')) return { path, owner: 'user', content };
  return { path, owner: 'shared', initial: content, edit: (before) => before };
}
