import type { Endpoint } from '../transport/index.js';
import type { Choice } from './choose.js';
import { accessOf } from './cluster.js';
import { credentialsOf } from './user.js';

/** Reads everything that the cluster and the user of a kubeconfig name. Throws ConfigError. */
export function endpointOf({ cluster, user }: Choice): Endpoint {
  const { server, trust, tls } = accessOf(cluster);
  return { server, trust, credentials: credentialsOf(user, cluster, tls) };
}
