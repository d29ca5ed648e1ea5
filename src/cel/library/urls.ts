import { parseRequestUri, unescapeUtf8 } from '../../text/requesturi.js';
import type { Url, Value } from '../value.js';
import { EvaluationError, list, mapOf } from '../value.js';
import type { CelFunction } from './function.js';
import { global, member, overload } from './function.js';

function parseUrl(text: string): Url {
  const uri = parseRequestUri(text) && parseRequestUri(text, true);
  if (!uri) throw new EvaluationError(`URL parse error during conversion from string: ${JSON.stringify(text)}`);
  return { kind: 'url', text, ...uri };
}

const hostname = ({ host }: Url): string => host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
const port = ({ host }: Url): string => /:(\d*)$/.exec(host)?.[1] ?? '';

/** What a path may hold unescaped. */
const plain = /[A-Za-z0-9_.~!$&'()*+,;=:@/[\]-]/;

const escapedPath = ({ path }: Url): string =>
  path.replace(/%[0-9A-Fa-f]{2}|[\s\S]/gu, (part) =>
    (part.length === 3 && part[0] === '%') || plain.test(part) ? part : encoded(part),
  );

const encoded = (part: string): string =>
  [...Buffer.from(part, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/** The values of each key in their order; pairs with bad escapes or a semicolon are left out. */
function queryOf({ query }: Url): Value {
  const values = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '' || pair.includes(';') || /%(?![0-9A-Fa-f]{2})/.test(pair)) continue;
    const [key, value] = /^([^=]*)=?([\s\S]*)$/
      .exec(pair)!
      .slice(1)
      .map((part) => unescapeUtf8(part.replaceAll('+', ' ')));
    values.set(key!, [...(values.get(key!) ?? []), value!]);
  }
  return mapOf([...values].map(([key, items]) => [key, list(items)] as const));
}

const reads = (name: string, read: (url: Url) => Value): CelFunction =>
  member(
    '1.23',
    name,
    overload<[Url]>(['url'], ([url]) => read(url)),
  );

export const urls: readonly CelFunction[] = [
  global(
    '1.23',
    'url',
    overload<[string]>(['string'], ([text]) => parseUrl(text)),
  ),
  global(
    '1.23',
    'isURL',
    overload<[string]>(['string'], ([text]) => parseRequestUri(text) !== undefined),
  ),
  reads('getScheme', ({ scheme }) => scheme),
  reads('getHost', ({ host }) => host),
  reads('getHostname', hostname),
  reads('getPort', port),
  reads('getEscapedPath', escapedPath),
  reads('getQuery', queryOf),
];
