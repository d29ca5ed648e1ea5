import { ConfigError } from '../errors.js';

/** Where a server listens; without a host on all addresses. */
export interface Address {
  readonly host?: string;
  readonly port: number;
}

/**
 * What `:8081`, `127.0.0.1:8081` or `[::1]:8081` says; `undefined` for `0`, which means off. Throws ConfigError for anything else, and says
 * what the address is of.
 */
export function parseAddress(text: string, of = 'health probes'): Address | undefined {
  if (text === '0') return undefined;
  const [, host = '', digits = ''] = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]*):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535) {
    throw new ConfigError(
      `The address of the ${of} must be a port as in \`:8081\`, a host and a port, or \`0\` for off, but is \`${text}\``,
    );
  }
  return host === '' ? { port } : { host: host.replace(/^\[|\]$/g, ''), port };
}
