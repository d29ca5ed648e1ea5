import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import type { ts as TypeScript } from 'ts-morph';

/** The compiler that ts-morph carries; the project's own TypeScript is never asked. */
export type Compiler = typeof TypeScript;

/** Keeps the compiled code of the compiler between runs. Both may fail in silence: without it, a run takes 100 ms more. */
export interface CodeCache {
  read(): Buffer | undefined;
  write(bytes: Buffer): void;
}

let loaded: { readonly compiler: Compiler; save?(cache: CodeCache): void } | undefined;

/**
 * Loads the compiler on the first call of a process: only a run that has to read sources pays for it. ts-morph's wrappers would cost 60 ms
 * more, so its compiler is taken by itself; should its file move, the way through ts-morph still works.
 */
export function loadCompiler(cache?: CodeCache): Compiler {
  loaded ??= fromFile(cache) ?? { compiler: createRequire(import.meta.url)('ts-morph').ts };
  return loaded.compiler;
}

/** To be called after the sources were read: the code of the functions that this needed is kept too. Does nothing where the cache was good. */
export function saveCompiler(cache: CodeCache): void {
  loaded?.save?.(cache);
}

function fromFile(cache: CodeCache | undefined): typeof loaded {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('ts-morph'));
    const file = require.resolve('@ts-morph/common/dist/typescript.js');
    return cache ? compiled(file, createRequire(file), cache) : { compiler: require(file) };
  } catch {
    return undefined;
  }
}

/** What `require` does with a module, except that V8 gets the code of an earlier run. V8 itself refuses what another version of it has made. */
function compiled(file: string, require: NodeJS.Require, cache: CodeCache): NonNullable<typeof loaded> {
  const key = keyOf(file);
  const cachedData = unsealed(key, cache.read());
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`;
  const script = new Script(source, { filename: file, ...(cachedData && { cachedData }) });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  const compiler = module.exports as Compiler;
  if (cachedData && !script.cachedDataRejected) return { compiler };
  return { compiler, save: (to) => to.write(sealed(key, script.createCachedData())) };
}

/** Another compiler or another Node.js has another key. */
function keyOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return [file, size, mtimeMs, process.version, process.arch].join('\0');
}

/** V8 takes the code as it is, so a damaged file must not get there: the digest stands in front. */
const sealed = (key: string, code: Buffer): Buffer => Buffer.concat([digest(key, code), code]);

function unsealed(key: string, bytes: Buffer | undefined): Buffer | undefined {
  if (!bytes) return undefined;
  const code = bytes.subarray(32);
  return digest(key, code).equals(bytes.subarray(0, 32)) ? code : undefined;
}

const digest = (key: string, code: Buffer): Buffer => createHash('sha256').update(key).update(code).digest();
