import { readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import type { ts as TypeScript } from 'ts-morph';
import type { Position } from '../diagnostics.js';
import { builtinTable } from '../k8s/table.js';
import { packageRoot } from '../package.js';
import { type CodeCache, type Compiler, loadCompiler } from './compiler.js';

export type { TypeScript };

/** A parsed set of sources. Names of files are absolute inside the program, and relative to the root everywhere else. */
export interface Sources {
  readonly ts: Compiler;
  readonly checker: TypeScript.TypeChecker;
  /** Files that may declare kinds, resolved by the checker. */
  readonly files: readonly TypeScript.SourceFile[];
  /** Files that are only searched for markers: parsed, but neither checked nor followed. */
  readonly commented: readonly TypeScript.SourceFile[];
  /** Every file of the program, packages included, relative to the root. */
  readonly read: readonly string[];
  readonly syntaxErrors: readonly TypeScript.DiagnosticWithLocation[];
  /** The place where a node begins, without its comments. */
  position(node: TypeScript.Node): Position;
  positionAt(file: TypeScript.SourceFile, offset: number): Position;
  /** The package that a declaration belongs to, if it is one that opgen knows by name: `opgen/api`, `opgen/k8s/…`, …; `lib` for the mini lib. */
  moduleOf(node: TypeScript.Node): string | undefined;
}

const virtualFolder = '/opgen-virtual/';
const libFile = `${virtualFolder}lib.d.ts`;

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
type Uppercase<S extends string> = intrinsic; type Lowercase<S extends string> = intrinsic;
type Capitalize<S extends string> = intrinsic; type Uncapitalize<S extends string> = intrinsic;
`;

/** What to parse; paths are relative to `root`. */
export interface LoadInput {
  readonly root: string;
  readonly paths: readonly string[];
  readonly commented: readonly string[];
  readonly overlay: Readonly<Record<string, string>>;
  readonly codeCache?: CodeCache | undefined;
}

/**
 * Parses `paths` and what they import for types, and `commented` each on its own. Packages that opgen knows by name are replaced by
 * declarations of its own, so neither node_modules nor the files of TypeScript's lib are read for them.
 */
export function loadSources({ root, paths, commented: commentedPaths, overlay, codeCache }: LoadInput): Sources {
  const ts = loadCompiler(codeCache);
  const planned = new Map(Object.entries(overlay).map(([path, text]) => [join(root, path), withoutBom(text)]));
  const readText = (name: string) => planned.get(name) ?? readFile(name);
  const host = compilerHost(ts, readText, (name) => planned.has(name) || ts.sys.fileExists(name));
  const names = paths.map((path) => join(root, path));
  const program = ts.createProgram({ rootNames: [libFile, ...names], options: compilerOptions(ts), host });
  const checker = program.getTypeChecker();
  const files = names.flatMap((name) => program.getSourceFile(name) ?? []);
  const parse = (name: string) => ts.createSourceFile(name, readText(name) ?? '', ts.ScriptTarget.Latest, true);
  const commented = commentedPaths.map((path) => parse(join(root, path)));
  const real = program.getSourceFiles().filter((file) => !file.fileName.startsWith(virtualFolder));
  const own = real.filter((file) => !isPackageFile(file));
  return {
    ts,
    checker,
    files,
    commented,
    read: real.map((file) => relativeName(root, file.fileName)),
    syntaxErrors: [...own.flatMap((file) => program.getSyntacticDiagnostics(file)), ...commented.flatMap(parseErrors)],
    position: (node) => positionAt(root, node.getSourceFile(), node.getStart()),
    positionAt: (file, offset) => positionAt(root, file, offset),
    moduleOf: (node) => moduleOf(node.getSourceFile().fileName),
  };
}

/** A file outside of a program keeps its syntax errors in a member that the compiler's declarations leave out. */
const parseErrors = (file: TypeScript.SourceFile): readonly TypeScript.DiagnosticWithLocation[] =>
  (file as unknown as { parseDiagnostics: TypeScript.DiagnosticWithLocation[] }).parseDiagnostics;

function positionAt(root: string, file: TypeScript.SourceFile, offset: number): Position {
  const { line, character } = file.getLineAndCharacterOfPosition(offset);
  return { file: relativeName(root, file.fileName), line: line + 1, column: character + 1 };
}

const relativeName = (root: string, name: string): string => relative(root, name).split(sep).join('/');

function compilerOptions(ts: Compiler): TypeScript.CompilerOptions {
  return {
    strict: true,
    noLib: true,
    types: [],
    target: ts.ScriptTarget.Latest,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noEmit: true,
  };
}

type ReadText = (name: string) => string | undefined;
type FileExists = (name: string) => boolean;

function compilerHost(ts: Compiler, readText: ReadText, fileExists: FileExists): TypeScript.CompilerHost {
  const getSourceFile = (name: string, options: TypeScript.ScriptTarget | TypeScript.CreateSourceFileOptions) => {
    const text = name.startsWith(virtualFolder) ? virtualText(name) : readText(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, options);
  };
  return {
    getSourceFile,
    fileExists,
    readFile: readText,
    getDefaultLibFileName: () => libFile,
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => {},
    resolveModuleNameLiterals: (literals, containingFile, _redirected, options) =>
      literals.map(({ text }) => {
        if (isKnownModule(text)) return resolvedTo(ts, virtualFile(text), ts.Extension.Dts);
        const sibling = relativeSource(text, containingFile, fileExists);
        if (sibling) return resolvedTo(ts, sibling, ts.Extension.Ts);
        return ts.resolveModuleName(text, containingFile, options, { fileExists, readFile: readText });
      }),
  };
}

function resolvedTo(ts: Compiler, resolvedFileName: string, extension: TypeScript.Extension) {
  return { resolvedModule: { resolvedFileName, extension, isExternalLibraryImport: extension === ts.Extension.Dts } };
}

/** `./x.js` and `./x` mean `./x.ts`: the common case, without the compiler's search. */
function relativeSource(specifier: string, containingFile: string, fileExists: FileExists) {
  if (!specifier.startsWith('.')) return undefined;
  const name = posix.join(dirname(containingFile).split(sep).join('/'), specifier.replace(/\.[mc]?js$/, ''));
  return [`${name}.ts`, `${name}/index.ts`].find(fileExists);
}

const isKnownModule = (specifier: string): boolean =>
  specifier === '@kubernetes/client-node' || specifier === 'opgen' || specifier.startsWith('opgen/');

const virtualFile = (module: string): string => `${virtualFolder}${module}.d.ts`;

function moduleOf(fileName: string): string | undefined {
  if (!fileName.startsWith(virtualFolder)) return undefined;
  return fileName.slice(virtualFolder.length, -'.d.ts'.length);
}

function virtualText(name: string): string {
  if (name === libFile) return miniLib;
  const module = moduleOf(name)!;
  if (module === 'opgen/api') return readFileSync(join(packageRoot, 'dist/api/index.d.ts'), 'utf8');
  return builtinDeclarations(module);
}

/** Declares the built-in types of a module. Their only member has no name that a source could use: they stay whole. */
function builtinDeclarations(module: string): string {
  const hasBuiltins = module === '@kubernetes/client-node' || module === 'opgen/k8s' || module.startsWith('opgen/k8s/');
  const exports = hasBuiltins ? builtinTable().exportsOf(module) : {};
  const declarations = Object.entries(exports).map(
    ([name, type]) => `export interface ${name} { [builtin]: '${type}' }`,
  );
  return ['declare const builtin: unique symbol;', ...declarations, 'export {};'].join('\n');
}

/** The key of the table of built-in types that a declaration of `builtinDeclarations` stands for. */
export const builtinKey = (declaration: TypeScript.Node): string | undefined =>
  /\[builtin\]: '(\w+)'/.exec(declaration.getText())?.[1];

const isPackageFile = (file: TypeScript.SourceFile): boolean => file.fileName.includes('/node_modules/');

function readFile(name: string): string | undefined {
  try {
    return withoutBom(readFileSync(name, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A byte order mark would shift the columns of the first line. */
export const withoutBom = (text: string): string => text.replace(/^\uFEFF/, '');
