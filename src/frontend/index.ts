import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Checked, Diagnostic } from '../diagnostics.js';
import { hasErrors, Refusal, sortDiagnostics } from '../diagnostics.js';
import type { Api, Kind, Reading } from '../ir/api.js';
import { type Marker, markerSet } from '../ir/marker.js';
import { groupName, skip, versionName } from '../markers/defs/package.js';
import { candidates } from './candidates.js';
import { type CodeCache, saveCompiler } from './compiler.js';
import { nestingDiagnostic } from './depth.js';
import { docReader } from './docs.js';
import { type DeclaredKind, kindsOf } from './kinds.js';
import { type LoadInput, loadSources, type Sources, type TypeScript, withoutBom } from './load.js';
import { describedElsewhere } from './sides.js';
import { type Context, nodeLimit } from './types/scope.js';

export interface ReadOptions {
  /** The API group of a file whose directory has no `+groupName`: PROJECT knows it. */
  readonly groupOf?: (file: string) => string | undefined;
  /** Files that are planned but not written yet, by their path: they stand in for those on disk. */
  readonly overlay?: Readonly<Record<string, string>>;
  /** Where the compiled code of the compiler is kept from one run to the next. */
  readonly codeCache?: CodeCache;
  /** `names` of an earlier reading: what files that are not among `paths` call a `CustomResource`. */
  readonly names?: readonly string[];
}

/**
 * Reads the API that TypeScript sources declare: the only door to the users' sources, which are parsed and never run. `paths` are files
 * relative to `root`, in any order; what they import is followed for its types. Packages whose types opgen ships stay closed.
 */
export async function readApi(
  root: string,
  paths: readonly string[],
  options: ReadOptions = {},
): Promise<Checked<Api>> {
  const overlay = options.overlay ?? {};
  const scanned = [...paths].sort().map((path) => ({ path, text: readText(root, path, overlay) }));
  const { files: declaring, names } = candidates(scanned, options.names);
  const commented = scanned.filter((each) => !declaring.includes(each) && mayHaveMarkers(each.text));
  const reading: Reading = { names, searched: {}, globals: [], missing: [] };
  const nothing: Api = { kinds: [], markers: markerSet([]), files: scanned.map(pathOf), reading };
  if (declaring.length + commented.length === 0) return { value: nothing, diagnostics: [] };
  const texts = { ...overlay, ...Object.fromEntries(scanned.map(({ path, text }) => [path, text])) };
  try {
    return parseApi(
      {
        root,
        overlay: texts,
        paths: declaring.map(pathOf),
        commented: commented.map(pathOf),
        codeCache: options.codeCache,
      },
      nothing,
      options,
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { value: nothing, diagnostics: [nestingDiagnostic([...declaring, ...commented])] };
  }
}

function parseApi(input: LoadInput, nothing: Api, options: ReadOptions): Checked<Api> {
  const sources = loadSources(input);
  const syntax = sources.syntaxErrors.map((error) => syntaxDiagnostic(sources, error));
  if (hasErrors(syntax)) return { value: nothing, diagnostics: sortDiagnostics(syntax) };
  const { value, diagnostics } = readSources(sources, options);
  if (options.codeCache) saveCompiler(options.codeCache);
  const { globals, missing } = sources;
  const searched = sources.files.map((file) => [sources.positionAt(file, 0).file, sources.filesBehind(file)]);
  const reading: Reading = { ...nothing.reading!, searched: Object.fromEntries(searched), globals, missing };
  const files = [...new Set([...nothing.files, ...sources.read])].sort();
  return { value: { ...value, files, reading }, diagnostics };
}

function readText(root: string, path: string, overlay: Readonly<Record<string, string>>): string {
  return withoutBom(overlay[path] ?? decode(path, readBytes(root, path)));
}

function readBytes(root: string, path: string): Buffer {
  try {
    return readFileSync(join(root, path));
  } catch (error) {
    const message = `A source must be a file that can be read, but \`${path}\` gives ${(error as NodeJS.ErrnoException).code}`;
    throw new Refusal({ code: 'OG4006', severity: 'error', message, hint: `check the permissions of \`${path}\`` });
  }
}

/** Read as UTF-8, a file in another encoding would seem to be empty of kinds, or put wrong characters into descriptions. */
function decode(path: string, bytes: Buffer): string {
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes.toString('utf8');
  const message = `A source must be text in UTF-8, but some bytes of \`${path}\` are not`;
  throw new Refusal({ code: 'OG4006', severity: 'error', message, hint: 'save the file as UTF-8' });
}

const pathOf = ({ path }: { readonly path: string }): string => path;

/** A file without these needs no parser. */
const mayHaveMarkers = (text: string): boolean =>
  /[+@](kubebuilder|k8s|opgen|operator-sdk|groupName|versionName)\b|\+(kube\w+|rbac|webhook):/.test(text);

function readSources(sources: Sources, options: ReadOptions): Checked<Pick<Api, 'kinds' | 'markers'>> {
  const context: Context = { sources, docs: docReader(sources), diagnostics: [], size: { left: nodeLimit } };
  const declared = sources.files.map((file) => ({
    file,
    path: sources.positionAt(file, 0).file,
    kinds: kindsOf(context, file),
  }));
  const packages = [...sources.files, ...sources.commented].map((file) => ({
    path: sources.positionAt(file, 0).file,
    markers: context.docs.package(file),
  }));
  const kinds = declared.flatMap(({ path, kinds }) =>
    kinds.flatMap((kind) => locate(context, kind, path, packages, options) ?? []),
  );
  const twice = reportDuplicates(kinds);
  const markers = [...packages].sort((a, b) => (a.path < b.path ? -1 : 1)).flatMap((each) => each.markers);
  return {
    value: { kinds, markers: markerSet(markers) },
    diagnostics: sortDiagnostics(
      distinct(
        [...context.diagnostics, ...context.docs.diagnostics(), ...twice, ...describedElsewhere(kinds)].map(mildAbroad),
      ),
    ),
  };
}

/** A type that several properties use is read for each of them, and its mistakes with it. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((each) => [JSON.stringify([each.code, each.at, each.message]), each])).values()];
}

/** The markers of packages and of files outside of the project are not the user's to mend: they never fail a run. */
function mildAbroad(diagnostic: Diagnostic): Diagnostic {
  const isAbroad = /^\.\.\/|(^|\/)node_modules\//.test(diagnostic.at?.file ?? '');
  return isAbroad && diagnostic.code.startsWith('OG2') ? { ...diagnostic, severity: 'warning' } : diagnostic;
}

type PackageMarkers = readonly { readonly path: string; readonly markers: readonly Marker[] }[];

/** Gives a kind its group and version, from the files of its directory. */
function locate(
  context: Context,
  declared: DeclaredKind,
  path: string,
  packages: PackageMarkers,
  options: ReadOptions,
): Kind | undefined {
  const directory = posix.dirname(path);
  const markers = markerSet(
    packages.filter((each) => posix.dirname(each.path) === directory).flatMap((each) => each.markers),
  );
  if (markers.all(skip).length > 0) return undefined;
  context.diagnostics.push(
    ...disagreements(markers.all(groupName), 'groupName'),
    ...disagreements(markers.all(versionName), 'versionName'),
  );
  const group = markers.all(groupName)[0]?.value ?? options.groupOf?.(path);
  const version = markers.all(versionName)[0]?.value ?? posix.basename(directory);
  if (group === undefined) {
    context.diagnostics.push(groupMissing(declared, directory));
    return undefined;
  }
  const { schema, at, files } = declared;
  return { group, version, kind: declared.name, schema, markers: markerSet(declared.markers), at, files };
}

function groupMissing(declared: DeclaredKind, directory: string): Diagnostic {
  return {
    code: 'OG1003',
    severity: 'error',
    at: declared.at,
    message: `A kind needs an API group, but no file in \`${directory}\` names one for \`${declared.name}\``,
    hint: `put \`// +groupName=cache.example.com\` at the top of \`${directory}/groupversion.ts\``,
  };
}

function disagreements(markers: ReturnType<ReturnType<typeof markerSet>['all']>, name: string): readonly Diagnostic[] {
  const [first, ...rest] = markers;
  return rest
    .filter((each) => each.value !== first!.value)
    .map((each) => ({
      code: 'OG1007',
      severity: 'error',
      at: each.at,
      message: `The files of a directory must agree on \`+${name}\`, but \`${each.value}\` is not \`${first!.value}\` of ${first!.at.file}:${first!.at.line}`,
      hint: 'keep one of them',
    }));
}

function reportDuplicates(kinds: readonly Kind[]): readonly Diagnostic[] {
  const first = new Map<string, Kind>();
  return kinds.flatMap((kind): Diagnostic[] => {
    const key = `${kind.group}/${kind.version} ${kind.kind}`;
    const other = first.get(key);
    if (!other) first.set(key, kind);
    if (!other) return [];
    const message = `A kind must be declared once, but \`${kind.kind}\` of ${kind.group}/${kind.version} stands in ${other.at.file}:${other.at.line} too`;
    return [{ code: 'OG1006', severity: 'error', at: kind.at, message, hint: 'rename or remove one of them' }];
  });
}

function syntaxDiagnostic(sources: Sources, error: TypeScript.DiagnosticWithLocation): Diagnostic {
  const text = sources.ts.flattenDiagnosticMessageText(error.messageText, ' ').replace(/\.$/, '');
  const at = sources.positionAt(error.file, error.start);
  return {
    code: 'OG1001',
    severity: 'error',
    at,
    message: `The source must be valid TypeScript, but: ${text}`,
    hint: 'run `npx tsc --noEmit` to see every error',
  };
}
