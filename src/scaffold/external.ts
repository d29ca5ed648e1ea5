import { posix } from 'node:path';
import type { Diagnostic } from '../diagnostics.js';
import type { Artifact } from '../emit/artifact.js';
import { pluralize } from '../names.js';
import { qualifiedGroup, type Resource } from '../project/model.js';
import { externalFile } from '../project/paths.js';
import { comment, identifier, path } from '../template/encode.js';
import { readTemplates } from '../template/load.js';
import { renderTree } from '../template/render.js';

/** A package with the types of an external kind. */
export interface Package {
  readonly name: string;
  /** A version, a range or a tag. */
  readonly spec: string;
}

/** The handle of a kind that another project installs. Its type comes from a module, or is a small one to start from. */
export function externalArtifacts(resource: Resource): readonly Artifact[] {
  const { kind, version, plural, namespaced } = resource;
  const group = qualifiedGroup(resource);
  const isResource = kind === 'Resource';
  const files = renderTree(readTemplates('external'), {
    dir: path(posix.relative('src/external', posix.dirname(externalFile(resource)))),
    kind: identifier(kind),
    group: comment(group),
    version: comment(version),
    apiVersion: comment(`${group}/${version}`),
    plural: comment(plural ?? pluralize(kind)),
    namespaced: comment(String(namespaced)),
    module: resource.path !== undefined && comment(resource.path),
    moduleFirst: (resource.path ?? '') < 'opgen/runtime',
    resource: comment(isResource ? 'Resource as Handle' : 'Resource'),
    resourceType: identifier(isResource ? 'Handle' : 'Resource'),
  });
  return files.map(({ path, content }) => ({ path, owner: 'user', content }));
}

/** package.json with the package among the dependencies. What it says of the package already stays. */
export function dependencyArtifact(added: Package): Artifact {
  return { path: 'package.json', owner: 'shared', initial: '{}\n', edit: (before) => addDependency(before, added) };
}

function addDependency(before: string, { name, spec }: Package): string | Diagnostic {
  const manifest = parse(before);
  if (!manifest) return unreadable;
  const dependencies = isRecord(manifest.dependencies) ? manifest.dependencies : {};
  const known = [dependencies, manifest.devDependencies, manifest.peerDependencies];
  if (known.some((each) => isRecord(each) && Object.hasOwn(each, name))) return before;
  const sorted = Object.entries({ ...dependencies, [name]: spec }).sort(([a], [b]) => (a < b ? -1 : 1));
  const indent = /^([ \t]+)"/m.exec(before)?.[1] ?? '  ';
  const text = JSON.stringify({ ...manifest, dependencies: Object.fromEntries(sorted) }, null, indent);
  const lines = before.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
  return lines + before.slice(before.trimEnd().length);
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unreadable: Diagnostic = {
  code: 'OG4006',
  severity: 'error',
  message: '`package.json` must be a JSON object, but is not',
  at: { file: 'package.json', line: 1, column: 1 },
  hint: 'correct the syntax',
};
