import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ts as TypeScript } from 'ts-morph';
import { builtinTable } from '../k8s/table.js';
import { packageRoot } from '../package.js';

const folder = '/opgen-virtual/';

export const libFile = `${folder}lib.d.ts`;

/** Whether opgen itself declares what is in the file. */
export const isVirtual = (fileName: string): boolean => fileName.startsWith(folder);

/** The module that a virtual file stands for. */
export const moduleOf = (fileName: string): string | undefined =>
  isVirtual(fileName) ? fileName.slice(folder.length, -'.d.ts'.length).replace(/#\d+$/, '') : undefined;

/** Modules that are never looked for in node_modules. */
export const isKnownModule = (specifier: string): boolean =>
  specifier === '@kubernetes/client-node' || specifier === 'opgen' || specifier.startsWith('opgen/');

/** What opgen declares in place of packages that it knows by name. */
export interface VirtualModules {
  /** The file of a module, as a source with this text needs it. */
  fileOf(module: string, importer: string): string;
  textOf(fileName: string): string;
}

export function virtualModules(): VirtualModules {
  const texts = new Map<string, string>([[libFile, miniLib]]);
  const declare = (fileName: string, text: () => string): string => {
    if (!texts.has(fileName)) texts.set(fileName, text());
    return fileName;
  };
  return {
    fileOf(module, importer) {
      if (module === 'opgen/api') return declare(`${folder}${module}.d.ts`, apiDeclarations);
      if (module === keyModule) return declare(`${folder}${module}.d.ts`, () => keyDeclaration);
      return declare(`${folder}${module}#${texts.size}.d.ts`, () => builtinDeclarations(module, importer));
    },
    textOf: (fileName) => texts.get(fileName) ?? '',
  };
}

const apiDeclarations = (): string => readFileSync(join(packageRoot, 'dist/api/index.d.ts'), 'utf8');

/** The key of the only member of built-in types: it has no name that a source could use, so that they stay whole. */
const keyModule = 'opgen/:builtin';
const keyDeclaration = 'export declare const builtin: unique symbol;';

/** Declares the built-in types of a module that a source mentions, or all if it passes the module on: parsing them all takes 30 ms. */
function builtinDeclarations(module: string, importer: string): string {
  const hasBuiltins = module === '@kubernetes/client-node' || module === 'opgen/k8s' || module.startsWith('opgen/k8s/');
  const exports = Object.entries(hasBuiltins ? builtinTable().exportsOf(module) : {});
  const words = /\bexport\s*\*/.test(importer)
    ? undefined
    : new Set(importer.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
  const declarations = exports
    .filter(([name]) => words?.has(name) ?? true)
    .map(([name, type]) => `export interface ${name} { [builtin]: '${type}' }`);
  return [`import { builtin } from '${keyModule}';`, ...declarations, 'export {};'].join('\n');
}

/** The key of the table of built-in types that a declaration of `builtinDeclarations` stands for. */
export const builtinKey = (declaration: TypeScript.Node): string | undefined =>
  /\[builtin\]: '(\w+)'/.exec(declaration.getText())?.[1];

/**
 * What the checker must know of TypeScript's lib: without `Array` and the utility types, computed types come out wrong. The types of
 * `unsupported` are declared so that they can be refused by name.
 */
const miniLib = `
interface Array<T> { length: number; [index: number]: T }
interface ReadonlyArray<T> { readonly length: number; readonly [index: number]: T }
interface Boolean {} interface CallableFunction {} interface Function {} interface IArguments {} interface NewableFunction {}
interface Number {} interface Object {} interface RegExp {} interface String {} interface Symbol {} interface BigInt {}
interface Date { __date: never } interface Map<K, V> { __map: [K, V] } interface Set<T> { __set: T }
interface WeakMap<K, V> { __map: [K, V] } interface WeakSet<T> { __set: T } interface Promise<T> { __promise: T }
type Record<K extends keyof any, T> = { [P in K]: T };
type Partial<T> = { [P in keyof T]?: T[P] };
type Required<T> = { [P in keyof T]-?: T[P] };
type Readonly<T> = { readonly [P in keyof T]: T[P] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Exclude<T, U> = T extends U ? never : T;
type Extract<T, U> = T extends U ? T : never;
type Omit<T, K extends keyof any> = Pick<T, Exclude<keyof T, K>>;
type NonNullable<T> = T & {};
type PropertyKey = string | number | symbol;
type Parameters<T extends (...args: any) => any> = T extends (...args: infer P) => any ? P : never;
type ReturnType<T extends (...args: any) => any> = T extends (...args: any) => infer R ? R : any;
type InstanceType<T extends abstract new (...args: any) => any> = T extends abstract new (...args: any) => infer R ? R : any;
type Awaited<T> = T extends Promise<infer V> ? Awaited<V> : T;
type NoInfer<T> = intrinsic;
type Uppercase<S extends string> = intrinsic; type Lowercase<S extends string> = intrinsic;
type Capitalize<S extends string> = intrinsic; type Uncapitalize<S extends string> = intrinsic;
`;
