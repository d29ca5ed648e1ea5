import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package.js';
import { readDeclaration } from './declarations.js';
import { readDescriptions } from './descriptions.js';
import { quantities, untypedJson } from './overlay.js';

/** The package is read as text only: importing it fails on Node 20. */
export const clientNode: string = join(packageRoot, 'node_modules/@kubernetes/client-node/dist');

export type Leaf =
  | 'string'
  | 'byte'
  | 'dateTime'
  | 'boolean'
  | 'int32'
  | 'int64'
  | 'double'
  | 'intOrString'
  | 'quantity'
  /** Any JSON object. */
  | 'object'
  /** Any JSON value. */
  | 'json';

export type Type =
  | { readonly kind: 'leaf'; readonly leaf: Leaf }
  | { readonly kind: 'list' | 'map'; readonly of: Type }
  | { readonly kind: 'ref'; readonly to: string };

export interface Property {
  /** As on the wire: `$ref`, not client-node's `ref`. */
  readonly name: string;
  readonly type: Type;
  readonly required: boolean;
  readonly description: string;
}

export interface Model {
  /** The class of client-node: `V1PodTemplateSpec`, `CoreV1Event`. */
  readonly type: string;
  /** Group and version of a class, as far as client-node writes them: `V1`, `CoreV1`, or '' (`VersionInfo`). */
  readonly prefix: string;
  /** The Go name: `PodTemplateSpec`, `Event`. */
  readonly name: string;
  readonly description: string;
  /** Sorted by name. */
  readonly properties: readonly Property[];
}

/** The models that client-node exports, sorted. Its folder holds more: leftovers of older releases. */
export function readModels(): Model[] {
  const list = readFileSync(join(clientNode, 'gen/models/all.d.ts'), 'utf8');
  const types = Array.from(list.matchAll(/models\/(\w+)\.js'/g), (match) => match[1]!);
  return types.sort().map(readModel);
}

/** The minor version of Kubernetes that the models were made from: `1.36`. */
export function kubernetesVersion(): string {
  const text = readFileSync(join(clientNode, 'gen/models/V1Pod.d.ts'), 'utf8');
  const version = /OpenAPI spec version: release-(\d+\.\d+)/.exec(text)?.[1];
  if (!version) throw new Error('client-node does not say which release of Kubernetes its models are from');
  return version;
}

export function splitType(type: string): { prefix: string; name: string } {
  const prefix = /^(?:[A-Z][a-z]+)?V\d+(?:(?:alpha|beta)\d+)?(?=[A-Z])/.exec(type)?.[0] ?? '';
  return { prefix, name: type.slice(prefix.length) };
}

function readModel(type: string): Model {
  const file = join(clientNode, 'gen/models', type);
  const declared = readDeclaration(`${file}.d.ts`, type);
  if (!declared) throw new Error(`client-node declares no class ${type}`);
  const { prefix, name } = splitType(type);
  const attributes = readAttributes(`${file}.js`);
  const better = readDescriptions(
    type,
    name,
    attributes.map((attribute) => attribute.baseName),
  );
  const properties = attributes.map((attribute) => {
    const member = declared.members.get(attribute.name);
    if (!member) throw new Error(`client-node declares no ${type}.${attribute.name}`);
    return {
      name: attribute.baseName,
      type: overlaid(`${name}.${attribute.baseName}`, parseType(attribute.type, attribute.format)),
      required: !member.optional,
      description: better?.fields.get(attribute.baseName) ?? unescaped(member.comment),
    };
  });
  const description = better?.type || unescaped(declared.comment);
  return { type, prefix, name, description, properties: properties.sort(byName) };
}

interface Attribute {
  readonly name: string;
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

function readAttributes(file: string): Attribute[] {
  const map = /\.attributeTypeMap = (\[[\s\S]*?\]);\n/.exec(readFileSync(file, 'utf8'))?.[1];
  if (!map) throw new Error(`${file} has no attributeTypeMap`);
  return JSON.parse(map);
}

/** A format belongs to the innermost type: a map of `byte` has values of that format. */
function parseType(text: string, format: string): Type {
  const list = /^Array<(.*)>$/.exec(text)?.[1];
  if (list) return { kind: 'list', of: parseType(list, format) };
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(text)?.[1];
  if (map) return { kind: 'map', of: parseType(map, format) };
  const leaf = leaves[`${text} ${format}`.trim()];
  if (leaf) return { kind: 'leaf', leaf };
  if (!/^[A-Z]\w+$/.test(text) || format) throw new Error(`the type "${text}" of format "${format}" is unknown`);
  return { kind: 'ref', to: text };
}

const leaves: { readonly [typeAndFormat: string]: Leaf } = {
  string: 'string',
  'string byte': 'byte',
  boolean: 'boolean',
  'number int32': 'int32',
  'number int64': 'int64',
  'number double': 'double',
  'Date date-time': 'dateTime',
  'V1MicroTime date-time-micro': 'dateTime',
  'IntOrString int-or-string': 'intOrString',
  any: 'object',
};

function overlaid(path: string, type: Type): Type {
  if (quantities.has(path)) return withLeaf(type, 'quantity');
  return untypedJson.has(path) ? withLeaf(type, 'json') : type;
}

function withLeaf(type: Type, leaf: Leaf): Type {
  return type.kind === 'list' || type.kind === 'map'
    ? { ...type, of: withLeaf(type.of, leaf) }
    : { kind: 'leaf', leaf };
}

/** Undoes the escapes of the OpenAPI generator, which also parts the marks of a comment: `pods/_*`, `*_/scale`. */
function unescaped(comment: string): string {
  return comment
    .replaceAll(/\\(["'\\])/g, '$1')
    .replaceAll('/_*', '/*')
    .replaceAll('*_/', '*/');
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
