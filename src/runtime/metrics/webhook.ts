import { exponentialBuckets } from './histogram.js';
import { metrics } from './index.js';

const latency = metrics.histogram({
  name: 'controller_runtime_webhook_latency_seconds',
  help: 'Time of admission requests by webhook in seconds.',
  labelNames: ['webhook'],
  buckets: exponentialBuckets(1e-8, 10, 12),
});
const requests = metrics.counter({
  name: 'controller_runtime_webhook_requests_total',
  help: 'Admission requests by webhook and status.',
  labelNames: ['webhook', 'code'],
});
const inFlight = metrics.gauge({
  name: 'controller_runtime_webhook_requests_in_flight',
  help: 'Admission requests that are being answered by webhook.',
  labelNames: ['webhook'],
});
const panics = metrics.counter({
  name: 'controller_runtime_webhook_panics_total',
  help: 'Admission requests that failed with a mistake in the program.',
});
const conversionPanics = metrics.counter({
  name: 'controller_runtime_conversion_webhook_panics_total',
  help: 'Conversions that failed with a mistake in the program.',
});

/** Counts the requests to one webhook. */
export interface WebhookMetrics {
  /** A request has begun; the result is to be called with the status of its answer. */
  begin(): (code: number) => void;
}

/** `path` names the webhook, as in `/validate-example-com-v1-widget`. Its series are there from now on. */
export function webhookMetrics(path: string): WebhookMetrics {
  const own = { latency: latency.labels(path), inFlight: inFlight.labels(path) };
  for (const code of ['200', '500']) requests.labels(path, code);
  return {
    begin() {
      const startedAt = performance.now();
      own.inFlight.inc();
      return (code) => {
        own.inFlight.dec();
        own.latency.observe((performance.now() - startedAt) / 1000);
        requests.labels(path, String(code)).inc();
      };
    },
  };
}

export const countWebhookPanic = (): void => panics.inc();
export const countConversionPanic = (): void => conversionPanics.inc();
