import { X509Certificate } from 'node:crypto';
import { messageOf } from '../log.js';
import type { ProxyServer, TlsIdentity } from '../transport/index.js';
import { type Entry, flagAt, mistake, pemAt, shown, textAt } from './entry.js';
import { proxyFromEnv, proxyOf } from './proxy.js';

export interface ClusterAccess {
  readonly server: string;
  readonly proxy?: ProxyServer | undefined;
  readonly trust: string;
  /** Reads the files that the cluster names. */
  tls(): TlsIdentity;
}

/** How the cluster of a kubeconfig is reached. Throws ConfigError. */
export function accessOf(cluster: Entry, env: Readonly<Record<string, string | undefined>>): ClusterAccess {
  const server = serverOf(cluster);
  const proxy = textAt(cluster, 'proxy-url');
  const { ca } = tlsOf(cluster);
  return {
    server,
    proxy:
      proxy === undefined
        ? proxyFromEnv(server, env)
        : proxyOf(proxy, `${cluster.file}: \`proxy-url\` of ${cluster.title}`),
    trust: ca === undefined ? 'the authorities that Node.js knows' : `certificate-authority of ${cluster.title}`,
    tls: () => tlsOf(cluster),
  };
}

function tlsOf(cluster: Entry): TlsIdentity {
  const ca = authorityOf(cluster);
  const servername = textAt(cluster, 'tls-server-name');
  const insecure = flagAt(cluster, 'insecure-skip-tls-verify');
  if (insecure && ca !== undefined)
    throw mistake(
      cluster,
      'has both `insecure-skip-tls-verify` and an authority, but only one counts. hint: remove one',
    );
  return {
    ...(ca !== undefined && { ca }),
    ...(servername !== undefined && { servername }),
    ...(insecure && { rejectUnauthorized: false }),
  };
}

function serverOf(cluster: Entry): string {
  const server = textAt(cluster, 'server');
  if (server === undefined) throw mistake(cluster, 'must have a `server`, but has none');
  if (/^https?:\/\//i.test(server) && URL.canParse(server)) return checkedServer(cluster, server);
  throw mistake(cluster, `must have a URL with https:// or http:// as \`server\`, but it is ${shown(server)}`);
}

/** What a URL may have beside host, port and path would be dropped, or end in messages. */
function checkedServer(cluster: Entry, server: string): string {
  const { search, hash, username, password } = new URL(server);
  if (username !== '' || password !== '')
    throw mistake(cluster, 'must have a URL without a login as `server`, but it has one. hint: give it to the user');
  if (search === '' && hash === '') return server;
  throw mistake(cluster, `must have a URL without a query as \`server\`, but it is ${shown(server)}`);
}

function authorityOf(cluster: Entry): string | undefined {
  const ca = pemAt(cluster, 'certificate-authority');
  try {
    if (ca !== undefined) new X509Certificate(ca);
    return ca;
  } catch (error) {
    throw mistake(cluster, `must have a certificate as \`certificate-authority\`, but: ${messageOf(error)}`);
  }
}
