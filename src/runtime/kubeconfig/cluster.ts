import { X509Certificate } from 'node:crypto';
import { messageOf } from '../log.js';
import type { TlsIdentity } from '../transport/index.js';
import { type Entry, flagAt, mistake, pemAt, textAt } from './entry.js';

export interface ClusterAccess {
  readonly server: string;
  readonly trust: string;
  readonly tls: TlsIdentity;
}

/** How the cluster of a kubeconfig is reached. Throws ConfigError. */
export function accessOf(cluster: Entry): ClusterAccess {
  if (textAt(cluster, 'proxy-url') !== undefined)
    throw mistake(cluster, 'has a `proxy-url`, but proxies are not supported yet. hint: remove it and use a tunnel');
  const ca = authorityOf(cluster);
  const servername = textAt(cluster, 'tls-server-name');
  const insecure = flagAt(cluster, 'insecure-skip-tls-verify');
  if (insecure && ca !== undefined)
    throw mistake(
      cluster,
      'has both `insecure-skip-tls-verify` and an authority, but only one counts. hint: remove one',
    );
  return {
    server: serverOf(cluster),
    trust: ca === undefined ? 'the authorities that Node.js knows' : `certificate-authority of ${cluster.title}`,
    tls: {
      ...(ca !== undefined && { ca }),
      ...(servername !== undefined && { servername }),
      ...(insecure && { rejectUnauthorized: false }),
    },
  };
}

function serverOf(cluster: Entry): string {
  const server = textAt(cluster, 'server');
  if (server === undefined) throw mistake(cluster, 'must have a `server`, but has none');
  if (/^https?:\/\//i.test(server) && URL.canParse(server)) return server;
  throw mistake(cluster, `must have a URL with https:// or http:// as \`server\`, but it is \`${server}\``);
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
