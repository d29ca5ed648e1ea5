import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package.js';
import { type Declared, readDeclaration } from './declarations.js';

const modules = join(packageRoot, 'node_modules');

export interface Descriptions {
  readonly type: string;
  /** By the name of the field; fields without a description are left out. */
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * The descriptions of kubernetes-models, which keep paragraphs and say what a field of another type is for; client-node's do
 * neither. Undefined for types that it does not have, or has with other fields: most of the alpha and beta versions.
 */
export function readDescriptions(type: string, name: string, fields: readonly string[]): Descriptions | undefined {
  const declared = foldersOf(type)
    .map((folder) => join(folder, `${name}.d.ts`))
    .filter((file) => existsSync(file))
    .map((file) => readDeclaration(file, `I${name}`))
    .filter((candidate) => candidate && hasExactly(candidate, fields));
  const [only, ...others] = declared;
  return only && others.length === 0 ? descriptionsOf(only) : undefined;
}

/** client-node names the group only where two groups have the same type: `CoreV1Event`. */
function foldersOf(type: string): string[] {
  const [, group, version] = /^([A-Z][a-z]+)?(V\d+(?:(?:alpha|beta)\d+)?)/.exec(type) ?? [];
  if (!version) return [];
  const all = [...groupFolders, ['core', join(modules, 'kubernetes-models')] as const];
  const some = group ? all.filter(([name]) => name.startsWith(group.toLowerCase())) : all;
  const meta = group ? [] : [join(modules, '@kubernetes-models/apimachinery/apis/meta')];
  return [...some.map(([, folder]) => folder), ...meta].map((folder) => join(folder, version.toLowerCase()));
}

const groupFolders = readdirSync(join(modules, 'kubernetes-models'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^(_schemas|v\d.*)$/.test(entry.name))
  .map((entry) => [entry.name, join(modules, 'kubernetes-models', entry.name)] as const)
  .sort();

function hasExactly(declared: Declared, fields: readonly string[]): boolean {
  return declared.members.size === fields.length && fields.every((field) => declared.members.has(field));
}

function descriptionsOf(declared: Declared): Descriptions {
  const fields = Array.from(declared.members, ([name, { comment }]) => [name, cleaned(comment)] as const);
  return { type: cleaned(declared.comment), fields: new Map(fields.filter(([, text]) => text !== '')) };
}

/** Without what OpenAPI and kubernetes-models add to the comment of the Go source, which is what controller-gen reads. */
function cleaned(comment: string): string {
  return comment
    .replace(/(^|\n\n)Possible enum values:\n[\s\S]*$/, '')
    .replace(/\n\s*@deprecated$/, '')
    .replaceAll(/\\([*/])/g, '$1')
    .trim();
}
