import type { Endpoint } from '../transport/index.js';
import type { Choice } from './choose.js';
import { accessOf } from './cluster.js';
import { credentialsOf } from './user.js';

/**
 * What the cluster and the user of a kubeconfig name, with all their files, which are read again every minute. Throws ConfigError.
 */
export function endpointOf(
  { cluster, user }: Choice,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Endpoint {
  const { tls, ...access } = accessOf(cluster, env);
  return { ...access, credentials: credentialsOf(user, cluster, tls) };
}
