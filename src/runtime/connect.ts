import { endpointOfClientNode } from './clientnode.js';
import type { Cluster, KubeConfigLike } from './cluster.js';
import { ConfigError } from './errors.js';
import { endpointOf, findCluster } from './kubeconfig/index.js';
import { createTransport, type Endpoint } from './transport/index.js';

/** Which cluster, and how. */
export interface ConnectOptions {
  /** Default: the first of `kubeconfig`, $KUBECONFIG, the service account of the pod, ~/.kube/config. */
  cluster?: Cluster | KubeConfigLike;
  /** Path of a kubeconfig, as of `--kubeconfig`. */
  kubeconfig?: string;
  /** Context of the kubeconfig. Default: the current one. */
  context?: string;
  /** Gets every warning of the API server, repeated ones too; not those of a Cluster that was given. */
  onWarning?(text: string): void;
}

/** A cluster that was found. */
export interface Connected {
  readonly cluster: Cluster;
  /** The URL of the API server; empty for a Cluster that was given. */
  readonly server: string;
  /** Where it was found, in words. */
  readonly source: string;
  /** Ends the connections; does nothing to a Cluster that was given. */
  close(): void;
  /**
   * The same cluster over one connection of its own, on which no answer takes longer than `timeout` milliseconds; a Cluster that was given
   * as it is.
   */
  apart(timeout: number): Pick<Connected, 'cluster' | 'close'>;
}

/** Finds the cluster, without a request yet. Throws ConfigError. */
export function connect(options: ConnectOptions = {}): Connected {
  const { cluster } = options;
  if (cluster === undefined) {
    const choice = findCluster(options);
    return connected(endpointOf(choice), choice.source, options);
  }
  if ('request' in cluster) {
    const given = { cluster, close() {} };
    return { ...given, server: '', source: 'the option `cluster`', apart: () => given };
  }
  if ('applyToHTTPSOptions' in cluster)
    return connected(endpointOfClientNode(cluster), 'the given KubeConfig', options);
  throw new ConfigError('`cluster` must be a Cluster or a KubeConfig, but it is something else. hint: leave it out');
}

function connected(endpoint: Endpoint, source: string, { onWarning }: ConnectOptions): Connected {
  const transport = createTransport(endpoint, onWarning && { onWarning });
  return {
    cluster: transport,
    server: endpoint.server,
    source,
    close: transport.close,
    apart(timeout) {
      const own = createTransport(endpoint, { timeout, connections: 1 });
      return { cluster: own, close: own.close };
    },
  };
}
