/** One HTTP request to an API server. */
export interface ClusterRequest {
  method: string;
  /** Absolute path, already encoded: `/apis/apps/v1/namespaces/default/deployments`. */
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string;
  /** Aborts the request, and the body of its answer. */
  signal?: AbortSignal;
  /** Called each time that the request is about to leave the process, on a connection that is ready; what it throws keeps it back. */
  beforeSend?(): void;
}

/** The answer to a request, whatever its status. */
export interface ClusterResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Read to its end or aborted; a broken connection rejects. */
  body: AsyncIterable<Uint8Array>;
}

/**
 * The only way out of the process: production, envtest and the fake differ in this one object. Rejects when there is no answer; every
 * answer, also 404 or 500, resolves.
 */
export interface Cluster {
  request(r: ClusterRequest): Promise<ClusterResponse>;
}

/** Accepted in place of a Cluster: the KubeConfig of @kubernetes/client-node 1.4 and 2.x fits. */
export interface KubeConfigLike {
  getCurrentCluster(): { server: string } | null;
  applyToHTTPSOptions(options: object): Promise<void>;
}
