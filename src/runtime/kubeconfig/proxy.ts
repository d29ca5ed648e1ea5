import { BlockList, isIP } from 'node:net';
import { ConfigError } from '../errors.js';
import { type ProxyServer, proxyLogin } from '../transport/index.js';
import { shown } from './entry.js';

type Env = Readonly<Record<string, string | undefined>>;

const protocols = ['http:', 'https:', 'socks5:', 'socks5h:'];

/** A proxy by its URL, which `source` names in messages. Throws ConfigError. */
export function proxyOf(text: string, source: string): ProxyServer {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (!url?.hostname)
    throw new ConfigError(`${source} must be the URL of a proxy, but is ${shown(withoutLogin(text))}`);
  if (!protocols.includes(url.protocol))
    throw new ConfigError(
      `${source} must be a proxy with http://, https:// or socks5://, but its URL begins with ${shown(`${url.protocol}//`)}. hint: use an HTTP proxy that allows CONNECT, or one with version 5 of SOCKS`,
    );
  checkLogin(url, source);
  return { url };
}

/** Messages end in logs, where no password belongs. */
const withoutLogin = (text: string): string => text.replace(/[^/@]*(?=@)/, '…');

/** SOCKS counts the bytes of name and password in one byte. */
function checkLogin(url: URL, source: string): void {
  const login = loginOf(url);
  if (login === null)
    throw new ConfigError(
      `${source} must have its name and password encoded as in a URL, but they are not. hint: write %25 for a %`,
    );
  if (login === undefined || !url.protocol.startsWith('socks')) return;
  const lengths = [login.name, login.password].map((each) => Buffer.byteLength(each));
  if (login.name === '' || lengths.some((length) => length > 255))
    throw new ConfigError(
      `${source} must have a name and a password of at most 255 bytes, but they have ${lengths.join(' and ')}`,
    );
}

/** `null` for what cannot be decoded. */
function loginOf(url: URL): ReturnType<typeof proxyLogin> | null {
  try {
    return proxyLogin(url);
  } catch {
    return null;
  }
}

/**
 * The proxy that the environment asks for: HTTPS_PROXY, or HTTP_PROXY for a server without TLS, also in lower case, unless NO_PROXY names
 * the host. This machine itself is never reached through one. Throws ConfigError.
 */
export function proxyFromEnv(server: string, env: Env): ProxyServer | undefined {
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
