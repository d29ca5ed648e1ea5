import { BlockList, isIP } from 'node:net';
import { ConfigError } from '../errors.js';
import type { HttpProxy } from '../transport/index.js';

type Env = Readonly<Record<string, string | undefined>>;

/** A proxy by its URL, which `source` names in messages. Throws ConfigError. */
export function proxyOf(text: string, source: string): HttpProxy {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (!url?.hostname) throw new ConfigError(`${source} must be the URL of a proxy, but is \`${text}\``);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new ConfigError(
      `${source} must be a proxy with http:// or https://, but its URL begins with \`${url.protocol}//\`. hint: use an HTTP proxy that allows CONNECT`,
    );
  return { url };
}

/**
 * The proxy that the environment asks for: HTTPS_PROXY, or HTTP_PROXY for a server without TLS, also in lower case, unless NO_PROXY names
 * the host. This machine itself is never reached through one. Throws ConfigError.
 */
export function proxyFromEnv(server: string, env: Env): HttpProxy | undefined {
  const { protocol, hostname, port } = new URL(server);
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const text = env[name] || env[name.toLowerCase()];
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const defaultPort = protocol === 'https:' ? '443' : '80';
  if (!text || isLocal(host)) return undefined;
  const exceptions = (env.NO_PROXY || env.no_proxy || '').split(',').map((each) => each.trim().toLowerCase());
  if (exceptions.some((each) => each !== '' && covers(each, host, port || defaultPort))) return undefined;
  return proxyOf(text, name);
}

const isLocal = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** Whether an entry of NO_PROXY is about the host: `*`, a domain with all below it, `.domain` for those only, an address, or a network. */
function covers(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInNetwork(entry, host);
  const [, name = entry, only] = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  if (only !== undefined && only !== port) return false;
  const wanted = name.replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '');
  if (isIP(host)) return wanted === host;
  return wanted.startsWith('.') ? host.endsWith(wanted) : host === wanted || host.endsWith(`.${wanted}`);
}

function isInNetwork(entry: string, host: string): boolean {
  const [address = '', prefix = ''] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(prefix)) return false;
  if (Number(prefix) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), type);
  return list.check(host, type);
}
