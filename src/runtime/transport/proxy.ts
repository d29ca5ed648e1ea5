/** A server that connections go through. */
export interface ProxyServer {
  /** Its address, by `http:`, `https:`, `socks5:` or `socks5h:`; a name and a password in it are what it is told. */
  readonly url: URL;
}

/** Where a connection through a proxy leads. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** Milliseconds that a proxy may take to make a connection. */
export const proxyPatience = 30_000;

export const isSocks = ({ protocol }: URL): boolean => protocol === 'socks5:' || protocol === 'socks5h:';

/** The proxy without its name and password, as messages call it. */
export const proxyTitle = ({ protocol, host }: URL): string => `the proxy ${protocol}//${host}`;

/** The name or the address of the proxy, without brackets. */
export const proxyHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

/** `host:port`, with brackets around an address of version 6. */
export const targetText = ({ host, port }: Target): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** What the URL of a proxy names for its login; undefined where it names nothing. Throws where it is not encoded as in a URL. */
export function proxyLogin({ username, password }: URL): { name: string; password: string } | undefined {
  if (username === '' && password === '') return undefined;
  return { name: decodeURIComponent(username), password: decodeURIComponent(password) };
}
