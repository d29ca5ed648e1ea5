import type { Json } from '../../ir/schema.js';
import { isObject, type JsonObject } from '../../json.js';
import { isDns1035Label, isDns1123Label, isDnsSubdomain } from '../../text/dns.js';
import type { Finding } from './check.js';

/** What the API server would refuse of where it finds the webhook. */
export function clientFindings(clientConfig: Json | undefined): readonly Finding[] {
  const { url, service } = isObject(clientConfig) ? clientConfig : {};
  if ((url === undefined) === (service === undefined))
    return [
      {
        says: `must have either \`path\` or \`url\`, but it has ${url === undefined ? 'neither' : 'both'}`,
        hint: 'a path of the operator, as in `path=/validate-v1-pod`, is what most webhooks have',
      },
    ];
  if (typeof url === 'string') return urlFindings(url);
  return isObject(service) ? serviceFindings(service) : [];
}

const urlParts = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/s;

function urlFindings(url: string): readonly Finding[] {
  const [, scheme = '', authority = '', path = '', query, fragment] = urlParts.exec(url) ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const flaws = [
    { is: scheme.toLowerCase() !== 'https', fact: `is \`${url}\`` },
    { is: scheme !== '' && host.replace(/:\d*$/, '') === '', fact: 'has no host' },
    { is: authority.includes('@'), fact: 'has a user' },
    { is: query !== undefined, fact: 'has a query' },
    { is: fragment !== undefined, fact: 'has a fragment' },
    { is: /[\s<>"{}|\\^`]|%(?![0-9A-Fa-f]{2})/.test(host + path), fact: 'has characters that a URL cannot have' },
  ];
  return flaws
    .filter(({ is }) => is)
    .map(({ fact }) => ({
      says: `must have an address such as \`https://host/path\` for \`url\`, but it ${fact}`,
      hint: 'write `url=https://…`, without user, query and fragment',
    }));
}

function serviceFindings({ name, namespace, path, port }: JsonObject): readonly Finding[] {
  const found: Finding[] = [];
  if (typeof name !== 'string' || !isDns1035Label(name))
    found.push({
      says: `must name a Service for \`serviceName\`, but it is \`${String(name)}\``,
      hint: 'use at most 63 lower case letters, digits and hyphens, or remove it',
    });
  if (typeof namespace !== 'string' || !isDns1123Label(namespace))
    found.push({
      says: `must name a namespace for \`serviceNamespace\`, but it is \`${String(namespace)}\``,
      hint: 'use at most 63 lower case letters, digits and hyphens, or remove it',
    });
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    found.push({
      says: `must have a port between 1 and 65535 for \`servicePort\`, but it is \`${String(port)}\``,
      hint: 'remove it for 443',
    });
  if (typeof path === 'string' && !isPath(path))
    found.push({
      says: `must have a path of lower case letters, digits, \`-\` and \`.\` behind \`/\`, but it is \`${path}\``,
      hint: 'write it as in `path=/validate-cache-example-com-v1-memcached`',
    });
  return found;
}

/** Each segment is a DNS subdomain; a slash may stand at the end. */
const isPath = (path: string): boolean =>
  path === '/' || (path.startsWith('/') && path.slice(1).replace(/\/$/, '').split('/').every(isDnsSubdomain));
