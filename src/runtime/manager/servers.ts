import type { Cluster } from '../cluster.js';
import type { Logger } from '../log.js';
import type { Address } from './address.js';
import type { Checks } from './checks.js';
import { startHealthServer } from './health.js';
import type { LagWatch } from './lag.js';
import { type MetricsSettings, startMetrics } from './metrics.js';

/** What a manager tells the outside. */
export interface Servers {
  readonly checks: Readonly<Record<'healthz' | 'readyz', Checks>>;
  /** Where the checks answer; undefined: nowhere. */
  readonly address: Address | undefined;
  /** What the check of the event loop asks. */
  readonly lag: LagWatch;
  /** Undefined: no metrics are served. */
  readonly metrics: MetricsSettings | undefined;
}

/** Starts them; `ends` gets what stops each. Rejects with a ConfigError. */
export async function startServers(
  { checks, address, lag, metrics }: Servers,
  { cluster, log, ends }: { cluster: Cluster; log: Logger; ends: (() => unknown)[] },
): Promise<void> {
  if (address) {
    ends.push(lag.start());
    const server = await startHealthServer(address, checks);
    ends.push(server.stop);
    log.info('Health checks answer', { address: server.address.address, port: server.address.port });
  }
  if (metrics) ends.push(await startMetrics(metrics, { cluster, log }));
}
