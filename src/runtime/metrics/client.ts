import { metrics } from './index.js';

const requests = metrics.counter({
  name: 'rest_client_requests_total',
  help: 'Requests to API servers by status, method and host.',
  labelNames: ['code', 'method', 'host'],
});

/** Counts a request that got an answer with this status, or none: `<error>`. */
export function countRequest(method: string, host: string, status: number | undefined): void {
  requests.labels(status === undefined ? '<error>' : String(status), method, host).inc();
}
