import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Relative to the project; git ignores `node_modules`. */
export const bundlePath = 'node_modules/.cache/opgen/dev/main.mjs';
export const entryPath = 'src/main.ts';

/** Gives the packages inside the bundle that are no ES modules a `require`. */
const banner =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

/** The part of esbuild that is used here; the package is the project's own. */
interface Esbuild {
  context(options: object): Promise<BuildContext>;
}

interface BuildContext {
  rebuild(): Promise<unknown>;
  dispose(): Promise<void>;
}

interface BuildMessage {
  readonly text: string;
  /** Lines count from 1, columns from 0. */
  readonly location?: {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly lineText: string;
  };
}

/** Bundles the operator of a project again and again. */
export interface Bundler {
  /** `unchanged` means that the bundle is the one of the last time. */
  build(): Promise<{ readonly errors: readonly string[] } | { readonly unchanged: boolean }>;
  close(): Promise<void>;
}

/** Where the project has esbuild; undefined if it has none. */
export function findEsbuild(root: string): string | undefined {
  try {
    return createRequire(join(root, 'package.json')).resolve('esbuild');
  } catch {
    return undefined;
  }
}

/** The bundle is made as `npm run build` makes it; unchanged files are not read again. */
export async function createBundler(root: string, esbuild: string): Promise<Bundler> {
  const loaded = (await import(pathToFileURL(esbuild).href)) as Esbuild & { readonly default?: Esbuild };
  const context = await (loaded.default ?? loaded).context({
    absWorkingDir: root,
    entryPoints: [entryPath],
    outfile: bundlePath,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    banner: { js: banner },
    logLevel: 'silent',
  });
  let last: string | undefined;
  return {
    async build() {
      try {
        await context.rebuild();
      } catch (error) {
        return { errors: messagesOf(error).map(describe) };
      }
      const made = contentOf(root);
      const unchanged = made === last;
      last = made;
      return { unchanged };
    },
    close: () => context.dispose(),
  };
}

/** With its map: positions in stacks have to fit the sources. */
const contentOf = (root: string): string =>
  [bundlePath, `${bundlePath}.map`].map((path) => readFileSync(join(root, path), 'utf8')).join('');

function messagesOf(error: unknown): readonly BuildMessage[] {
  if (typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors))
    return error.errors as BuildMessage[];
  throw error;
}

/** `src/main.ts:3:7 error: Expected ";" but found "x"`, then the line with a mark. */
function describe({ text, location }: BuildMessage): string {
  if (!location) return `error: ${text}`;
  const { file, line, column, lineText } = location;
  const indent = lineText.slice(0, column).replace(/[^\t]/g, ' ');
  const frame = `  ${line} | ${lineText}\n  ${' '.repeat(String(line).length)} | ${indent}^`;
  return `${file}:${line}:${column + 1} error: ${text}\n${frame}`;
}
