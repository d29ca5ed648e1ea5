import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { ts as TypeScript } from 'ts-morph';
import type { Position } from '../diagnostics.js';
import { type CodeCache, type Compiler, loadCompiler } from './compiler.js';
import { type FileExists, type ModuleResolver, moduleResolver, type ReadText } from './modules.js';
import { isKnownModule, isVirtual, libFile, moduleOf, virtualModules } from './virtual.js';

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
  /** Files that declare names for all files, and files that were looked for and do not exist: both relative to the root, sorted. */
  readonly globals: readonly string[];
  readonly missing: readonly string[];
  readonly syntaxErrors: readonly TypeScript.DiagnosticWithLocation[];
  /** The file, all that it imports over any number of steps, and what declares names for all files: relative to the root, sorted. */
  filesBehind(file: TypeScript.SourceFile): readonly string[];
  /** The place where a node begins, without its comments. */
  position(node: TypeScript.Node): Position;
  positionAt(file: TypeScript.SourceFile, offset: number): Position;
  /** The package that a declaration belongs to, if it is one that opgen knows by name: `opgen/api`, `opgen/k8s/…`, …; `lib` for the mini lib. */
  moduleOf(node: TypeScript.Node): string | undefined;
}

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
  const fileExists = (name: string) => planned.has(name) || ts.sys.fileExists(name);
  const modules = moduleResolver(ts, compilerOptions(ts), readText, fileExists);
  const imports: Imports = new Map();
  const host = compilerHost(ts, readText, fileExists, modules, imports);
  const names = paths.map((path) => join(root, path));
  const program = ts.createProgram({ rootNames: [libFile, ...names], options: compilerOptions(ts), host });
  const checker = program.getTypeChecker();
  const files = names.flatMap((name) => program.getSourceFile(name) ?? []);
  const parse = (name: string) => ts.createSourceFile(name, readText(name) ?? '', ts.ScriptTarget.Latest, true);
  const commented = commentedPaths.map((path) => parse(join(root, path)));
  const real = program.getSourceFiles().filter((file) => !isVirtual(file.fileName));
  const own = real.filter((file) => !isPackageFile(file));
  const relativeNames = (names: readonly string[]) => names.map((name) => relativeName(root, name)).sort();
  const globals = real.filter((file) => isGlobal(ts, file)).map((file) => file.fileName);
  return {
    ts,
    checker,
    files,
    commented,
    read: relativeNames([...real.map((file) => file.fileName), ...modules.consulted()]),
    globals: relativeNames(globals),
    missing: relativeNames(modules.missing()),
    syntaxErrors: [...own.flatMap((file) => program.getSyntacticDiagnostics(file)), ...commented.flatMap(parseErrors)],
    filesBehind: filesBehind(root, globals, imports),
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

function compilerHost(
  ts: Compiler,
  readText: ReadText,
  fileExists: FileExists,
  modules: ModuleResolver,
  imports: Imports,
): TypeScript.CompilerHost {
  const virtual = virtualModules();
  const getSourceFile = (name: string, options: TypeScript.ScriptTarget | TypeScript.CreateSourceFileOptions) => {
    const text = isVirtual(name) ? virtual.textOf(name) : readText(name);
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
    resolveModuleNameLiterals: (literals, containingFile, _redirected, _options, importer) => {
      const resolved = literals.map(({ text }) =>
        isKnownModule(text) ? declared(ts, virtual.fileOf(text, importer.text)) : modules.resolve(text, containingFile),
      );
      imports.set(
        containingFile,
        resolved.flatMap(({ resolvedModule }) => resolvedModule?.resolvedFileName ?? []),
      );
      return resolved;
    },
  };
}

const declared = (ts: Compiler, resolvedFileName: string) => ({
  resolvedModule: { resolvedFileName, extension: ts.Extension.Dts, isExternalLibraryImport: true },
});

/** The files that a file imports from, by its name. */
type Imports = Map<string, readonly string[]>;

function filesBehind(root: string, globals: readonly string[], imports: Imports): Sources['filesBehind'] {
  return ({ fileName }) => {
    const found = new Set<string>();
    const visit = (name: string): void => {
      if (found.has(name) || isVirtual(name)) return;
      found.add(name);
      for (const each of imports.get(name) ?? []) visit(each);
    };
    for (const name of [fileName, ...globals]) visit(name);
    return [...found].map((name) => relativeName(root, name)).sort();
  };
}

/** Whether a file declares names that others see without importing it: a script, or a module with `declare global` or `declare module 'name'`. */
const isGlobal = (ts: Compiler, file: TypeScript.SourceFile): boolean =>
  !ts.isExternalModule(file) || file.statements.some((each) => isAugmentation(ts, each));

const isAugmentation = (ts: Compiler, node: TypeScript.Statement): boolean =>
  ts.isModuleDeclaration(node) &&
  (ts.isStringLiteral(node.name) || (node.flags & ts.NodeFlags.GlobalAugmentation) !== 0);

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
