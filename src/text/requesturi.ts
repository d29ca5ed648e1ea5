import { parseAddress } from './addresses.js';

/** The parts of a URI, with escapes as written. */
export interface RequestUri {
  readonly scheme: string;
  /** With the port and brackets. */
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/** Reads an absolute URI or an absolute path as Go's `url.ParseRequestURI` does; `fragment`: what follows `#` is left out. */
export function parseRequestUri(text: string, fragment = false): RequestUri | undefined {
  if (text === '' || /[\x00-\x1f\x7f]/.test(text)) return undefined;
  const whole = fragment ? text.replace(/#[\s\S]*$/, '') : text;
  if (whole === '*') return { scheme: '', host: '', path: '*', query: '' };
  if (whole.startsWith(':')) return undefined;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(whole)?.[1] ?? '';
  const [, rest, query = ''] = /^([^?]*)(?:\?([\s\S]*))?$/.exec(whole.slice(scheme === '' ? 0 : scheme.length + 1))!;
  const parts = { scheme: scheme.toLowerCase(), query };
  if (!rest!.startsWith('/')) return scheme === '' ? undefined : { ...parts, host: '', path: '' };
  const authority = scheme === '' ? null : /^\/\/([^/]*)/.exec(rest!);
  const path = rest!.slice(authority ? authority[0].length : 0);
  const host = authority ? parseAuthority(parts.scheme, authority[1]!) : '';
  return host === undefined || !hasGoodEscapes(path) ? undefined : { ...parts, host, path };
}

const hasGoodEscapes = (text: string): boolean => !/%(?![0-9A-Fa-f]{2})/.test(text);

function parseAuthority(scheme: string, text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const user = text.slice(0, Math.max(0, at));
  if (!/^[A-Za-z0-9._:~!$&'()*+,;=%@-]*$/.test(user) || !hasGoodEscapes(user)) return undefined;
  return parseHost(scheme, text.slice(at + 1));
}

function parseHost(scheme: string, host: string): string | undefined {
  if (host.lastIndexOf('[') > 0) return undefined;
  if (host.startsWith('[')) return parseBracketed(host);
  const strict = scheme === 'http' || scheme === 'https';
  const colon = strict ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon >= 0 && !/^:\d*$/.test(host.slice(colon))) return undefined;
  return isHostText(host) ? unescapeUtf8(host) : undefined;
}

function parseBracketed(host: string): string | undefined {
  const match = /^\[([\s\S]*)\](:\d*)?$/.exec(host);
  const [name, zone] = (match?.[1] ?? '').split(/%25/, 2);
  if (!match || parseAddress(name!)?.family !== 6 || zone === '') return undefined;
  return host;
}

/** The characters of hosts; escapes are for what is not ASCII. */
function isHostText(host: string): boolean {
  return hasGoodEscapes(host) && !/[\x00-\x20#/?@\\^`{|}]/.test(host) && !/%[0-7](?!5)|%[013-7]5/.test(host);
}

/** The text with its escapes resolved; bytes that are no UTF-8 become replacement characters. */
export function unescapeUtf8(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = text.match(/%[0-9A-Fa-f]{2}|[^%]+/g)!.map((part) => {
    return part.startsWith('%') ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part, 'utf8');
  });
  return Buffer.concat(bytes).toString('utf8');
}
