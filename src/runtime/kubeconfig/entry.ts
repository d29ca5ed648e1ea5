import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError } from '../errors.js';
import { messageOf } from '../log.js';

/** A cluster, a user or a context of a kubeconfig. */
export interface Entry {
  /** Where it stands: paths in it are relative to this file. */
  readonly file: string;
  /** What messages call it: `the cluster \`kind\``. */
  readonly title: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A mistake in an entry, with its file. */
export const mistake = ({ file, title }: Entry, what: string): ConfigError =>
  new ConfigError(`${file}: ${title} ${what}`);

/** A text; an empty one counts as absent. */
export function textAt(entry: Entry, field: string): string | undefined {
  const value = entry.fields[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw mistake(entry, `must have a text as \`${field}\`, but it is ${kindOf(value)}. hint: put it into quotes`);
}

/** Default false. */
export function flagAt(entry: Entry, field: string): boolean {
  const value = entry.fields[field] ?? false;
  if (typeof value === 'boolean') return value;
  throw mistake(entry, `must have true or false as \`${field}\`, but it is ${kindOf(value)}`);
}

/** An absolute path. */
export function pathAt(entry: Entry, field: string): string | undefined {
  const path = textAt(entry, field);
  if (path?.includes('\n')) throw mistake(entry, `must have a path as \`${field}\`, but it has several lines`);
  return path === undefined ? undefined : resolve(dirname(entry.file), path);
}

/** The PEM text of `<field>-data` (base64), or else of the file that `field` names. */
export function pemAt(entry: Entry, field: string): string | undefined {
  const data = textAt(entry, `${field}-data`);
  if (data !== undefined) return checkedPem(entry, `${field}-data`, decoded(entry, `${field}-data`, data));
  const path = pathAt(entry, field);
  return path === undefined ? undefined : checkedPem(entry, field, contentOf(entry, field, path), path);
}

/** The text of a file that an entry names. */
export function contentOf(entry: Entry, field: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw mistake(entry, `must name a file that can be read as \`${field}\`, but: ${messageOf(error)}`);
  }
}

function decoded(entry: Entry, field: string, data: string): string {
  const packed = data.replace(/\s+/g, '');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return Buffer.from(packed, 'base64').toString('utf8');
  throw mistake(entry, `must have base64 as \`${field}\`, but it has other characters`);
}

function checkedPem(entry: Entry, field: string, pem: string, path?: string): string {
  if (/-----BEGIN [A-Z0-9 ]+-----[\s\S]+-----END [A-Z0-9 ]+-----/.test(pem)) return pem;
  const place = path === undefined ? 'its content' : path;
  throw mistake(entry, `must have PEM as \`${field}\`, but ${place} has no \`-----BEGIN …-----\` block`);
}

/** A text as messages show it: no more than its first line, for a key or a certificate may stand in the wrong place. */
export function shown(text: string): string {
  const [line = ''] = text.split('\n', 1);
  const start = line.length > 120 ? line.slice(0, 100) : line;
  return `\`${JSON.stringify(start).slice(1, -1)}${start === text ? '' : '…'}\``;
}

/** What a value is that should be another. */
export const kindOf = (value: unknown): string =>
  value === null || value === undefined
    ? 'empty'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'a map'
        : `a ${typeof value}`;
