import { hostname, networkInterfaces } from 'node:os';
import { createSelfSigned } from '../certificates/selfsigned.js';
import { type CertificatePair, watchCertificate } from '../certificates/watcher.js';
import type { Cluster } from '../cluster.js';
import { ConfigError } from '../errors.js';
import type { Logger } from '../log.js';
import { measureRequests } from '../metrics/client.js';
import { addEventLoopMetrics } from '../metrics/eventloop.js';
import { createGuard } from '../metrics/guard.js';
import { metrics } from '../metrics/index.js';
import { checkSource } from '../metrics/merge.js';
import type { MetricsOptions } from '../metrics/options.js';
import { addProcessMetrics } from '../metrics/process.js';
import { createRegistry } from '../metrics/registry.js';
import { startMetricsServer } from '../metrics/server.js';
import type { MetricsSource } from '../metrics/types.js';
import { type Address, parseAddress } from './address.js';

/** Metrics that are to be served. */
export interface MetricsSettings {
  readonly address: Address;
  readonly secure: boolean;
  readonly certDir: string | undefined;
  readonly authorize: boolean;
  readonly restClient: boolean;
  readonly registries: readonly MetricsSource[];
  /** Whether anybody asked for them: what nobody asked for keeps no operator from starting. */
  readonly isWanted: boolean;
}

/**
 * What the option `metrics` means; undefined: nothing is served. Without the option the metrics of a pod are served, and nowhere else: on a
 * developer's machine nobody reads them. Throws ConfigError.
 */
export function metricsSettings(
  option: false | MetricsOptions | undefined,
  isPod: boolean,
): MetricsSettings | undefined {
  if (option === false || (option === undefined && !isPod)) return undefined;
  const {
    bindAddress = ':8443',
    secure = true,
    certDir,
    authorize = secure,
    restClient = false,
    registries = [],
  } = option ?? {};
  registries.forEach(checkSource);
  const address = parseAddress(bindAddress, 'metrics');
  if (!address) return undefined;
  if (!secure && certDir !== undefined)
    throw new ConfigError(
      'The metrics must be served over HTTPS where `certDir` is given, but `secure` is false. hint: leave one of the two out',
    );
  return { address, secure, certDir, authorize, restClient, registries, isWanted: option !== undefined };
}

interface Tools {
  readonly cluster: Cluster;
  readonly log: Logger;
}

/** Serves the metrics until the result is called, which answers those who have asked. Rejects with a ConfigError. */
export async function startMetrics(settings: MetricsSettings, tools: Tools): Promise<() => Promise<void>> {
  const ends: (() => unknown)[] = [];
  const end = async (): Promise<void> => {
    for (const each of ends.reverse()) await each();
  };
  try {
    await begin(settings, tools, ends);
  } catch (error) {
    await end();
    if (settings.isWanted) throw error;
    tools.log.error(error, 'The metrics are not served');
    return async () => {};
  }
  return end;
}

async function begin(settings: MetricsSettings, { cluster, log }: Tools, ends: (() => unknown)[]): Promise<void> {
  const { address, secure, authorize, restClient, registries } = settings;
  if (restClient) measureRequests();
  const own = createRegistry();
  ends.push(addProcessMetrics(own), addEventLoopMetrics(own));
  const ending = new AbortController();
  ends.push(() => ending.abort(new Error('the server of the metrics has stopped')));
  let renew = (_pair: CertificatePair): void => {};
  const certificate = secure ? await certificateOf(settings, log, (pair) => renew(pair), ends) : undefined;
  const server = await startMetricsServer({
    address,
    certificate,
    guard: authorize ? createGuard({ cluster, log, signal: ending.signal }) : undefined,
    sources: [metrics.registry, own, ...registries],
    log,
  });
  renew = server.renew;
  ends.push(server.stop);
  log.info('Metrics are served', { address: server.address.address, port: server.address.port, secure, authorize });
}

/** The certificate of the folder, or one of its own; both are renewed before they end. */
async function certificateOf(
  { certDir: folder }: MetricsSettings,
  log: Logger,
  onChange: (pair: CertificatePair) => void,
  ends: (() => unknown)[],
): Promise<CertificatePair> {
  if (folder !== undefined) {
    const watcher = await watchCertificate({ folder }, { log, onChange });
    ends.push(watcher.stop);
    return watcher.pair;
  }
  const hosts = ['localhost', hostname(), ...ownAddresses()];
  const timer = setInterval(() => onChange(createSelfSigned({ hosts })), renewEvery).unref();
  ends.push(() => clearInterval(timer));
  return createSelfSigned({ hosts });
}

/** Milliseconds: far below the year that a certificate is good for, and short enough for a timer. */
const renewEvery = 20 * 24 * 60 * 60 * 1000;

/** Link-local ones have a zone, which no certificate can name. */
const ownAddresses = (): readonly string[] => [
  ...new Set(
    Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .map(({ address }) => address)
      .filter((address) => !address.startsWith('fe80:')),
  ),
];
