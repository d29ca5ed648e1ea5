import { dirname, join, posix, sep } from 'node:path';
import type { Compiler } from './compiler.js';
import type { TypeScript } from './load.js';

/** Absent where there is no such file. */
export type ReadText = (name: string) => string | undefined;
export type FileExists = (name: string) => boolean;

/** Finds the files of modules as the compiler does, with the `paths` of the tsconfig.json around the importing file. */
export interface ModuleResolver {
  resolve(specifier: string, containingFile: string): TypeScript.ResolvedModuleWithFailedLookupLocations;
  /** Configurations and manifests that had a say in it. */
  consulted(): readonly string[];
  /** Files that do not exist, and would have had a say. */
  missing(): readonly string[];
}

export function moduleResolver(
  ts: Compiler,
  options: TypeScript.CompilerOptions,
  readText: ReadText,
  isFile: FileExists,
): ModuleResolver {
  const consulted = new Set<string>();
  const missing = new Set<string>();
  const fileExists = (name: string): boolean => {
    const exists = isFile(name);
    if (!exists) missing.add(name);
    return exists;
  };
  const readFile = (name: string): string | undefined => {
    const text = readText(name);
    if (text !== undefined) consulted.add(name);
    return text;
  };
  const mappings = new Map<string, TypeScript.CompilerOptions>();
  const mappingOf = (folder: string): TypeScript.CompilerOptions => {
    const known = mappings.get(folder) ?? findMapping(ts, folder, readFile, fileExists, mappingOf);
    mappings.set(folder, known);
    return known;
  };
  return {
    resolve(specifier, containingFile) {
      const sibling = relativeSource(specifier, containingFile, fileExists);
      if (sibling) return source(sibling, ts.Extension.Ts);
      const mapping = specifier.startsWith('.') ? {} : mappingOf(dirname(containingFile));
      return ts.resolveModuleName(specifier, containingFile, { ...options, ...mapping }, { fileExists, readFile });
    },
    consulted: () => [...consulted],
    missing: () => [...missing],
  };
}

const source = (resolvedFileName: string, extension: TypeScript.Extension) => ({
  resolvedModule: { resolvedFileName, extension, isExternalLibraryImport: false },
});

/** `./x.js` and `./x` mean `./x.ts`: the common case, without the compiler's search. */
function relativeSource(specifier: string, containingFile: string, fileExists: FileExists): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const name = posix.join(dirname(containingFile).split(sep).join('/'), specifier.replace(/\.js$/, ''));
  return [`${name}.ts`, `${name}/index.ts`].find(fileExists);
}

/** What the nearest tsconfig.json says about names of modules, with what it extends; the folders of packages have none that counts. */
function findMapping(
  ts: Compiler,
  folder: string,
  readFile: ReadText,
  fileExists: FileExists,
  mappingOf: (folder: string) => TypeScript.CompilerOptions,
): TypeScript.CompilerOptions {
  if (folder.split(sep).includes('node_modules')) return {};
  const name = join(folder, 'tsconfig.json');
  if (!fileExists(name)) return dirname(folder) === folder ? {} : mappingOf(dirname(folder));
  const { config } = ts.readConfigFile(name, readFile);
  const host = { fileExists, readFile, readDirectory: () => [], useCaseSensitiveFileNames: true };
  const { baseUrl, paths, pathsBasePath } = ts.parseJsonConfigFileContent(
    config ?? {},
    host,
    folder,
    undefined,
    name,
  ).options;
  return {
    ...(baseUrl !== undefined && { baseUrl }),
    ...(paths !== undefined && { paths }),
    ...(pathsBasePath !== undefined && { pathsBasePath }),
  };
}
