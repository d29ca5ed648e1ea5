import type { Kind } from './kinds.js';
import { type Leaf, type Model, type Property, splitType, type Type } from './models.js';
import { type Exports, modulePath, typesIn } from './modules.js';

const banner = '// Made from @kubernetes/client-node by scripts/k8s.\n';

/** Path below dist/k8s → content. */
export type Files = { readonly [path: string]: string };

/**
 * One file per prefix of client-node's names (`types/v1`, `types/v1beta1`, `types/corev1`): it has each type of the prefix under
 * its Go name, and beside each kind its handle. Names cannot clash in it, and every type is declared once.
 */
export function typeFiles(models: readonly Model[], kinds: readonly Kind[]): Files {
  const handles = new Map(kinds.map((kind) => [kind.type, kind]));
  const files: { [path: string]: string } = {
    'types/scalars.d.ts': banner + scalars,
    'types/scalars.js': `${banner}export {};\n`,
  };
  for (const prefix of new Set(models.map((model) => model.prefix).filter((prefix) => prefix !== ''))) {
    const own = models.filter((model) => model.prefix === prefix);
    files[`${fileOf(prefix)}.d.ts`] = declarations(prefix, own, handles);
    files[`${fileOf(prefix)}.js`] = values(own, handles);
  }
  return files;
}

/** A module is nothing but re-exports: handles of the kinds of its group version, and types. */
export function moduleFiles(path: string, exports: Exports, kinds: readonly Kind[]): Files {
  const base = path || 'index';
  const own = path === '' ? kinds : kinds.filter((kind) => modulePath(kind) === path);
  const isKind = new Set(own.map((kind) => kind.type));
  const handles = Object.fromEntries(Object.entries(exports).filter(([, type]) => isKind.has(type)));
  const types = Object.fromEntries(Object.entries(exports).filter(([, type]) => !isKind.has(type)));
  const root = path ? '../' : './';
  return {
    [`${base}.d.ts`]:
      banner + (path ? '' : indexNote) + reexports('export', handles, root) + reexports('export type', types, root),
    [`${base}.js`]: banner + (reexports('export', handles, root) || 'export {};\n'),
  };
}

const indexNote = `// Each name once. The newest stable version wins (autoscaling v2, v1 over v1beta1), and core, then RBAC, over other groups:
// Event is the one of core. Others are in the module of their group version, such as opgen/k8s/events/v1.
`;

function reexports(keyword: string, exports: Exports, root: string): string {
  const byFile = new Map<string, string[]>();
  for (const [name, type] of Object.entries(exports)) {
    const file = fileOf(splitType(type).prefix);
    byFile.set(file, [...(byFile.get(file) ?? []), name]);
  }
  return Array.from(
    byFile,
    ([file, names]) => `${keyword} {\n${names.map((n) => `  ${n},\n`).join('')}} from '${root}${file}.js';\n`,
  )
    .sort()
    .join('');
}

function fileOf(prefix: string): string {
  return `types/${prefix.toLowerCase() || 'scalars'}`;
}

const scalars = `
/** A number or a string, such as a port or its name. */
export type IntOrString = number | string;

/** An amount such as \`"100m"\`, \`"1Gi"\` or \`2\`. */
export type Quantity = string | number;
`;

function declarations(prefix: string, models: readonly Model[], handles: ReadonlyMap<string, Kind>): string {
  const named = models.flatMap((model) => model.properties.flatMap((property) => typesIn(property.type)));
  const foreign = [...new Set(named.map((type) => splitType(type).prefix))].filter((other) => other !== prefix).sort();
  const imports = foreign.map(
    (other) => `import type * as ${alias(other)} from './${fileOf(other).slice('types/'.length)}.js';\n`,
  );
  if (models.some((model) => handles.has(model.type))) {
    imports.push(`import type { Resource } from '../../runtime/index.js';\n`);
  }
  return [banner, ...imports, ...models.map((model) => declaration(model, handles.has(model.type)))].join('');
}

function alias(prefix: string): string {
  return prefix || 'Scalars';
}

function declaration(model: Model, isKind: boolean): string {
  const properties = model.properties.map((property) => member(property, model.prefix)).join('');
  const handle = isKind ? `export declare const ${model.name}: Resource<${model.name}>;\n` : '';
  return `\n${doc(model.description, '')}export interface ${model.name} {\n${properties}}\n${handle}`;
}

function member(property: Property, prefix: string): string {
  const name = /^[\w$]+$/.test(property.name) ? property.name : `'${property.name}'`;
  return `${doc(property.description, '  ')}  ${name}${property.required ? '' : '?'}: ${written(property.type, prefix)};\n`;
}

function doc(description: string, indent: string): string {
  if (description === '') return '';
  const lines = description.replaceAll('*/', '*\\/').split('\n');
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}

const leafTypes: { readonly [leaf in Leaf]: string } = {
  string: 'string',
  byte: 'string',
  dateTime: 'string',
  boolean: 'boolean',
  int32: 'number',
  int64: 'number',
  double: 'number',
  intOrString: 'Scalars.IntOrString',
  quantity: 'Scalars.Quantity',
  object: '{ [key: string]: unknown }',
  json: 'unknown',
};

function written(type: Type, prefix: string): string {
  switch (type.kind) {
    case 'leaf':
      return leafTypes[type.leaf];
    case 'list':
      return `${written(type.of, prefix)}[]`;
    case 'map':
      return `{ [key: string]: ${written(type.of, prefix)} }`;
    case 'ref': {
      const to = splitType(type.to);
      return to.prefix === prefix ? to.name : `${alias(to.prefix)}.${to.name}`;
    }
  }
}

function values(models: readonly Model[], handles: ReadonlyMap<string, Kind>): string {
  const lines = models.flatMap((model) => {
    const kind = handles.get(model.type);
    return kind ? [`export const ${model.name} = /* @__PURE__ */ Object.freeze(${handle(kind)});\n`] : [];
  });
  return banner + (lines.join('') || 'export {};\n');
}

function handle({ group, version, kind, plural, namespaced }: Kind): string {
  return `{ group: '${group}', version: '${version}', kind: '${kind}', plural: '${plural}', namespaced: ${namespaced} }`;
}
