import { createHash } from 'node:crypto';
import type { Checked, Diagnostic } from '../diagnostics.js';
import { unsafePath } from './path.js';
import { byCodeUnit } from './tree.js';

export const manifestPath = '.opgen/manifest.json';

/** What was written: the record from which edits and orphans are told. */
export interface Manifest {
  /** The version of opgen that wrote it. */
  readonly opgen: string;
  readonly files: readonly ManifestEntry[];
}

export interface ManifestEntry {
  readonly path: string;
  readonly owner: 'opgen' | 'user' | 'shared';
  /** Of the text as opgen wrote it; shared files have none. */
  readonly sha256?: string;
  /** Further hashes, which other branches recorded: only after a merge conflict, and never written. */
  readonly merged?: readonly string[];
  readonly source: string;
}

/** Line ends as opgen writes them, whatever git made of them. */
export const withLf = (text: string): string => (text.includes('\r') ? text.replaceAll('\r\n', '\n') : text);

/** SHA-256 of the text with its line ends normalised, in hexadecimal. */
export function hashOf(text: string): string {
  return createHash('sha256').update(withLf(text)).digest('hex');
}

/** Files sorted by path and one on each line, so that branches merge. */
export function formatManifest(manifest: Manifest): string {
  const lines = [...manifest.files].sort((a, b) => byCodeUnit(a.path, b.path)).map(formatEntry);
  const files = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  return `{\n  "version": 1,\n  "opgen": ${JSON.stringify(manifest.opgen)},\n  "files": ${files}\n}\n`;
}

function formatEntry({ path, owner, sha256, source }: ManifestEntry): string {
  return `    ${JSON.stringify({ path, owner, ...(sha256 !== undefined && { sha256 }), source })}`;
}

/**
 * OG4011 and no value for a text that is not a manifest. Its paths are checked: it may come from anyone. A text with the marks of a merge conflict
 * has the files of both sides, so that the next run can write it anew.
 */
export function parseManifest(text: string): Checked<Manifest | undefined> {
  if (/^(?:<{7}|={7}|>{7})/m.test(text)) return { value: mergeSides(text), diagnostics: [] };
  try {
    const value: unknown = JSON.parse(text);
    if (!isManifest(value)) return broken('its content is not that of one');
    return { value: { opgen: value.opgen, files: value.files }, diagnostics: [] };
  } catch {
    return broken('it is not JSON');
  }
}

/** Every line of the list is an entry of its own, whichever side it is on. */
function mergeSides(text: string): Manifest {
  const entries = new Map<string, ManifestEntry>();
  for (const entry of text.split('\n').flatMap(parseEntryLine)) {
    const { sha256, merged = [] } = entries.get(entry.path) ?? {};
    entries.set(entry.path, { ...entry, ...(sha256 !== undefined && { merged: [...merged, sha256] }) });
  }
  return { opgen: /^ *"opgen": "([^"]*)"/m.exec(text)?.[1] ?? '', files: [...entries.values()] };
}

function parseEntryLine(line: string): readonly ManifestEntry[] {
  try {
    const value: unknown = JSON.parse(line.trim().replace(/,$/, ''));
    return isEntry(value) ? [value] : [];
  } catch {
    return [];
  }
}

function broken(fact: string): Checked<undefined> {
  const hint = `delete \`${manifestPath}\` and run \`opgen generate\`, which rebuilds it`;
  const message = `\`${manifestPath}\` must be a manifest of opgen, but ${fact}`;
  const diagnostic: Diagnostic = { code: 'OG4011', severity: 'error', message, hint };
  return { value: undefined, diagnostics: [diagnostic] };
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const { version, opgen, files } = value as Record<string, unknown>;
  return version === 1 && typeof opgen === 'string' && Array.isArray(files) && files.every(isEntry) && distinct(files);
}

function isEntry(value: unknown): value is ManifestEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { path, owner, sha256, source } = value as Record<string, unknown>;
  const hashed =
    owner === 'shared' ? sha256 === undefined : typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
  const owned = owner === 'opgen' || owner === 'user' || owner === 'shared';
  return typeof path === 'string' && unsafePath(path) === undefined && owned && hashed && typeof source === 'string';
}

const distinct = (files: readonly ManifestEntry[]): boolean =>
  new Set(files.map((file) => file.path)).size === files.length;
