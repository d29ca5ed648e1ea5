import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../ir/schema.js';
import { packageRoot } from '../package.js';

/**
 * A schema of a built-in type: JSONSchemaProps, in which `{ $ref: 'V1Container' }` (with keywords beside it that win, such as
 * a description) stands for another type of the table. Only V1JSONSchemaProps leads back to itself.
 */
export type BuiltinSchema = { readonly [key: string]: Json };

/** Made at build time by `scripts/k8s`. */
export interface BuiltinTable {
  /**
   * By the name of the type in @kubernetes/client-node: `V1PodTemplateSpec`. `IntOrString`, `Quantity` and `V1MicroTime` are scalars;
   * `V1ObjectMeta` is what a CRD may say about metadata inside of a spec: name, namespace, labels, annotations, finalizers.
   */
  readonly schemaOf: (type: string) => BuiltinSchema | undefined;
  /**
   * What a module exports: `opgen/k8s` → `PodTemplateSpec` → `V1PodTemplateSpec`; nothing for other modules. Modules: `opgen/k8s`,
   * `opgen/k8s/<group>/<version>` and `@kubernetes/client-node`. `<group>` is the first label of the API group, as in Go's k8s.io/api:
   * `networking/v1`, `rbac/v1`; `core` for the empty group, `meta/v1` for the types that Go has there.
   */
  readonly exportsOf: (module: string) => { readonly [name: string]: string };
}

/** The table as JSON: `scripts/k8s` writes each entry of `types` and of `exports` on a line of its own, `tableOfText` reads only those asked for. */
export interface BuiltinFile {
  /** Minor version of Kubernetes, `1.36`. */
  readonly kubernetes: string;
  readonly exports: { readonly [module: string]: { readonly [name: string]: string } };
  /** Keys are sorted. */
  readonly types: { readonly [type: string]: BuiltinSchema };
}

/** The text of a table; ASCII only, so that it can be read without decoding. */
export function textOfTable({ kubernetes, exports, types }: BuiltinFile): string {
  const lines = (entries: object) =>
    Object.entries(entries)
      .map(([key, value]) => `\n${JSON.stringify(key)}:${JSON.stringify(value)}`)
      .join(',');
  const text = `{"kubernetes":${JSON.stringify(kubernetes)},"exports":{${lines(exports)}${border}${lines(types)}\n}}\n`;
  return text.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const border = '\n},"types":{';

/** A table that parses an entry when it is asked for. */
export function tableOfText(text: string): BuiltinTable {
  const end = text.indexOf(border);
  const exportsOf = entriesOf(text.slice(0, end + 1));
  const schemaOf = entriesOf(text.slice(end + border.length));
  return {
    schemaOf: (type) => schemaOf(type) as BuiltinSchema | undefined,
    exportsOf: (module) => (exportsOf(module) ?? {}) as { readonly [name: string]: string },
  };
}

/** Looks up lines by their key. JSON has no line break inside of a value, so an entry ends with its line. */
function entriesOf(lines: string): (key: string) => unknown {
  const parsed = new Map<string, unknown>();
  const parse = (key: string): unknown => {
    const name = `\n${JSON.stringify(key)}:`;
    const start = lines.indexOf(name);
    if (start < 0) return undefined;
    return JSON.parse(lines.slice(start + name.length, lines.indexOf('\n', start + 1)).replace(/,$/, ''));
  };
  return (key) => {
    if (!parsed.has(key)) parsed.set(key, parse(key));
    return parsed.get(key);
  };
}

let table: BuiltinTable | undefined;

/** Reads the table on the first call. */
export function builtinTable(): BuiltinTable {
  table ??= tableOfText(readFileSync(join(packageRoot, 'dist/k8s/builtin.json'), 'latin1'));
  return table;
}
