import { metrics } from './index.js';
import type { Counter, Histogram } from './types.js';

const requests = metrics.counter({
  name: 'rest_client_requests_total',
  help: 'Requests to API servers by status, method and host.',
  labelNames: ['code', 'method', 'host'],
});

/** Seconds. */
const durationBuckets: readonly number[] = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

/** Bytes: 64 to 16 MiB. */
const sizeBuckets: readonly number[] = [
  64,
  256,
  512,
  1024,
  4 * 1024,
  16 * 1024,
  64 * 1024,
  256 * 1024,
  1024 * 1024,
  4 * 1024 * 1024,
  16 * 1024 * 1024,
];

/** What is measured of requests only on demand. */
interface Details {
  readonly duration: Histogram;
  readonly sent: Histogram;
  readonly received: Histogram;
  readonly retries: Counter;
}

let details: Details | undefined;

/** From now on duration, sizes and retries of all requests of this process are measured too; a second call changes nothing. */
export function measureRequests(): void {
  details ??= createDetails();
}

function createDetails(): Details {
  const labelNames = ['verb', 'host'];
  return {
    duration: metrics.histogram({
      name: 'rest_client_request_duration_seconds',
      help: 'Time of requests to API servers with all retries, but for watches, by verb and host in seconds.',
      labelNames,
      buckets: durationBuckets,
    }),
    sent: metrics.histogram({
      name: 'rest_client_request_size_bytes',
      help: 'Size of requests to API servers by verb and host in bytes.',
      labelNames,
      buckets: sizeBuckets,
    }),
    received: metrics.histogram({
      name: 'rest_client_response_size_bytes',
      help: 'Size of whole answers of API servers, but for watches, by verb and host in bytes.',
      labelNames,
      buckets: sizeBuckets,
    }),
    retries: metrics.counter({
      name: 'rest_client_request_retries_total',
      help: 'Requests to API servers that were made again by status, verb and host.',
      labelNames: ['code', ...labelNames],
    }),
  };
}

/** What a request is to be measured by. */
export interface Measured {
  readonly method: string;
  readonly host: string;
  /** Its body. */
  readonly body?: string | undefined;
  /** Whether it is a watch, whose time and size say nothing. */
  readonly isWatch: boolean;
}

/** Measures one request with all its tries. */
export interface RequestMetrics {
  /** A try got an answer with this status, or none: `<error>`. */
  tried(status: number | undefined): void;
  /** There is no answer. */
  failed(): void;
  /** The body of the answer, which is measured while it is read. */
  reading(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** The request begins now. */
export function requestMetrics({ method, host, body, isWatch }: Measured): RequestMetrics {
  const own = details;
  const startedAt = performance.now();
  let tries = 0;
  const ended = (bytes?: number): void => {
    own?.duration.labels(method, host).observe((performance.now() - startedAt) / 1000);
    if (bytes !== undefined) own?.received.labels(method, host).observe(bytes);
  };
  return {
    tried(status) {
      const code = status === undefined ? '<error>' : String(status);
      requests.labels(code, method, host).inc();
      own?.sent.labels(method, host).observe(body === undefined ? 0 : Buffer.byteLength(body));
      if (tries++ > 0) own?.retries.labels(code, method, host).inc();
    },
    failed() {
      if (!isWatch) ended();
    },
    reading: (answer) => (own === undefined || isWatch ? answer : counted(answer, ended)),
  };
}

/** Calls `ended` with the number of bytes; with nothing for a body that was not read to its end. */
async function* counted(body: AsyncIterable<Uint8Array>, ended: (bytes?: number) => void) {
  let bytes = 0;
  let whole = false;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      yield chunk;
    }
    whole = true;
  } finally {
    ended(whole ? bytes : undefined);
  }
}
