import type { KubeConfigLike } from './cluster.js';
import { ConfigError } from './errors.js';
import { proxyFromEnv, proxyOf } from './kubeconfig/index.js';
import type { Credentials, Endpoint, TlsIdentity } from './transport/index.js';

/** What the KubeConfig of @kubernetes/client-node fills in. */
interface HttpsOptions {
  headers?: Readonly<Record<string, unknown>>;
  /** `name:password` */
  auth?: string;
  readonly [name: string]: unknown;
}

const tlsFields = ['ca', 'cert', 'key', 'pfx', 'passphrase', 'servername', 'rejectUnauthorized'] as const;

/** The current cluster of a KubeConfig of @kubernetes/client-node, which is asked for its credentials with every request. */
export function endpointOfClientNode(config: KubeConfigLike): Endpoint {
  const cluster: { server: string; proxyUrl?: string } | null = config.getCurrentCluster();
  if (!cluster) throw new ConfigError('`cluster` must be a KubeConfig with a current context, but it has none');
  const { server, proxyUrl } = cluster;
  if (typeof server !== 'string' || !/^https?:\/\//i.test(server) || !URL.canParse(server))
    throw new ConfigError(
      `The current cluster of the given KubeConfig must have a URL with https:// or http:// as \`server\`, but it is \`${server}\``,
    );
  return {
    server,
    proxy: proxyUrl ? proxyOf(proxyUrl, '`proxyUrl` of the given KubeConfig') : proxyFromEnv(server, process.env),
    trust: 'the authorities of the KubeConfig',
    async credentials() {
      const options: HttpsOptions = { headers: {} };
      await config.applyToHTTPSOptions(options);
      return { tls: tlsOf(options), headers: headersOf(options) };
    },
  };
}

const tlsOf = (options: HttpsOptions): TlsIdentity =>
  Object.fromEntries(tlsFields.filter((name) => options[name] != null).map((name) => [name, options[name]]));

function headersOf({ headers = {}, auth }: HttpsOptions): Credentials['headers'] {
  const own = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.map(String) : String(value),
  ]);
  const basic = auth === undefined ? {} : { authorization: `Basic ${Buffer.from(auth).toString('base64')}` };
  return { ...basic, ...Object.fromEntries(own) };
}
