import { createCache } from '../cache/index.js';
import { createClient } from '../client/index.js';
import type { Cluster } from '../cluster.js';
import { type Connected, connect } from '../connect.js';
import { ConfigError } from '../errors.js';
import { serviceAccountTitle } from '../kubeconfig/index.js';
import { createElection, type Election, electionSettings, noElection } from '../leaderelection/index.js';
import { containedLogger, createLogger, type Logger } from '../log.js';
import { leaderMetrics } from '../metrics/leader.js';
import { onceEach } from '../transport/index.js';
import { parseAddress } from './address.js';
import { createChecks } from './checks.js';
import { createLagWatch } from './lag.js';
import { metricsSettings } from './metrics.js';
import { createParts } from './parts.js';
import { run } from './run.js';
import type { Manager, ManagerOptions } from './types.js';

/**
 * Connects the parts of an operator: one cluster, one cache, one client, and any number of controllers and runnables.
 *
 * Throws ConfigError when the cluster cannot be found, or an option cannot be meant. Nothing is sent before `start`. Reads by `client`
 * reject before it; those by `client.live` do not. The check `cache-synced` of readyz passes from the first lists on.
 */
export function createManager(o: ManagerOptions = {}): Manager {
  const { gracefulShutdownTimeout: gracePeriod = 30_000 } = o;
  checkGracePeriod(gracePeriod);
  const log = o.log ? containedLogger(o.log) : createLogger();
  const address = o.health ? parseAddress(o.health.bindAddress ?? '0') : undefined;
  const connected = connectWith(o, log);
  const metrics = metricsSettings(o.metrics, connected.source === serviceAccountTitle);
  const election = electionOf(o, connected, log);
  const { cluster } = election;
  const cache = createCache({ cluster, log, ...(o.cache && { options: o.cache }) });
  const { uncached = [], ...defaults } = o.client ?? {};
  const accessTo = (to: Cluster) => ({ cluster: to, client: createClient({ cluster: to, cache, defaults, uncached }) });
  const leading = accessTo(cluster);
  const access = { leading, always: election.isNeeded ? accessTo(connected.cluster) : leading };
  const checks = { healthz: createChecks('healthz', log), readyz: createChecks('readyz', log) };
  const lag = createLagWatch();
  const servers = { checks, address, lag, metrics };
  const parts = createParts(o.controller ?? {});
  let isStarted = false;
  let isSynced = false;

  const onSynced = (): void => {
    isSynced = true;
  };
  checks.readyz.add('cache-synced', () => {
    if (!isSynced) throw new Error('the first lists are not complete');
  });
  checks.readyz.add('event-loop', lag.check);

  const manager: Manager = {
    client: leading.client,
    cluster,
    elected: election.elected,
    log,
    add(...added) {
      added.forEach(parts.add);
      return manager;
    },
    index(r, field, extract) {
      cache.index(r, field, extract);
      return manager;
    },
    healthz(name, check) {
      checks.healthz.add(name, check);
      return manager;
    },
    readyz(name, check) {
      checks.readyz.add(name, check);
      return manager;
    },
    async start(signal) {
      if (isStarted) throw new Error('A manager must be started once only, but it was started before');
      isStarted = true;
      parts.close();
      log.info('Starting the manager', { server: connected.server, source: connected.source });
      await run({ connected, cache, access, election, log, parts, servers, gracePeriod, onSynced }, signal);
    },
  };
  return manager;
}

function checkGracePeriod(milliseconds: number): void {
  if (typeof milliseconds === 'number' && !Number.isNaN(milliseconds)) return;
  throw new ConfigError(
    `\`gracefulShutdownTimeout\` must be milliseconds, 0 for none or negative for no limit, but is ${String(milliseconds)}`,
  );
}

function electionOf({ leaderElection }: ManagerOptions, connected: Connected, log: Logger): Election {
  if (!leaderElection) return noElection(connected.cluster);
  const settings = electionSettings(leaderElection);
  return createElection(settings, { connected, log, observer: leaderMetrics(settings.id) });
}

const connectWith = ({ cluster, kubeconfig }: ManagerOptions, log: Logger) =>
  connect({
    onWarning: onceEach((warning) => log.info('The API server warns', { warning })),
    ...(cluster && { cluster }),
    ...(kubeconfig !== undefined && { kubeconfig }),
  });
