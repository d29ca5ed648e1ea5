import type { MetricsSource } from './types.js';

/** How the metrics of an operator are served. */
export interface MetricsOptions {
  /** `:8443`, `127.0.0.1:8443`, or `0` for off. Default `:8443`. */
  bindAddress?: string;
  /** HTTPS. Default true. */
  secure?: boolean;
  /** A folder with `tls.crt` and `tls.key`, which are read again when they change. Default: a certificate that the operator signs itself. */
  certDir?: string;
  /**
   * Whether readers need a bearer token of a user that may `get` the path `/metrics`. Default: as `secure`. The service account of the
   * operator needs `create` on tokenreviews and subjectaccessreviews for it.
   */
  authorize?: boolean;
  /**
   * Whether duration, sizes and retries of the requests to API servers are measured as well: `rest_client_request_duration_seconds`,
   * `rest_client_request_size_bytes`, `rest_client_response_size_bytes` and `rest_client_request_retries_total`, for the whole process.
   * Default false: they are many series.
   */
  restClient?: boolean;
  /** Served beside the metrics of the runtime: the Registry of prom-client fits. */
  registries?: MetricsSource[];
}
