import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isDns1123Label, isDnsSubdomain } from '../../text/dns.js';
import { ConfigError } from '../errors.js';
import { serviceAccountFolder } from '../kubeconfig/incluster.js';
import { longestTimer } from '../time.js';

/** Which lease the replicas of an operator compete for, and how fast. Durations are milliseconds. */
export interface LeaderElectionOptions {
  /** The name of the Lease: the same for all replicas, and of no other operator in the namespace. */
  id: string;
  /** Default: the namespace of the service account; an error where there is none. */
  namespace?: string;
  /** How long the lease of a leader that is silent counts. Default 15_000. */
  leaseDuration?: number;
  /** How long after its last renewal a leader may work. Default 10_000. */
  renewDeadline?: number;
  /** The time from one try to the next. Default 2_000. `retryPeriod` × 1.2 < `renewDeadline` < `leaseDuration`. */
  retryPeriod?: number;
  /** Gives the lease up after a graceful stop, so that the next leader need not wait for its end. Default false. */
  releaseOnCancel?: boolean;
}

/** What an election runs with. */
export interface ElectionSettings extends Required<LeaderElectionOptions> {
  /** Of this process: `<host>_<uuid>`. */
  readonly identity: string;
  /** Milliseconds that one request may take: a call that hangs leaves time for another one. */
  readonly requestTimeout: number;
}

/** The spread of the tries of followers, and what the leader's deadline has to exceed its retry period by. */
export const jitterFactor = 1.2;

/** The options with their defaults. Throws ConfigError for a lease without name or namespace, and for durations that cannot work. */
export function electionSettings(options: LeaderElectionOptions, folder = serviceAccountFolder): ElectionSettings {
  const { id, leaseDuration = 15_000, renewDeadline = 10_000, retryPeriod = 2_000, releaseOnCancel = false } = options;
  const namespace = options.namespace ?? namespaceIn(folder);
  checkName('id', id, isDnsSubdomain);
  if (namespace === undefined) {
    throw new ConfigError(
      'The lease of the leader election needs a namespace outside of a pod: type --leader-election-namespace=NAMESPACE (the option `leaderElection.namespace`)',
    );
  }
  checkName('namespace', namespace, isDns1123Label);
  checkDurations({ leaseDuration, renewDeadline, retryPeriod });
  return {
    id,
    namespace,
    leaseDuration,
    renewDeadline,
    retryPeriod,
    releaseOnCancel,
    identity: `${hostname()}_${randomUUID()}`,
    requestTimeout: Math.max(1000, renewDeadline / 2),
  };
}

function namespaceIn(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'namespace'), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

function checkName(option: string, value: unknown, isValid: (name: string) => boolean): void {
  if (typeof value === 'string' && isValid(value)) return;
  const fact = value === undefined || value === '' ? 'there is none' : `it is ${JSON.stringify(value)}`;
  throw new ConfigError(
    `\`leaderElection.${option}\` must be a name of lower-case letters, digits, \`-\`${option === 'id' ? ' and `.`' : ''}, but ${fact}: type --leader-election-${option}=NAME`,
  );
}

function checkDurations(durations: Readonly<Record<'leaseDuration' | 'renewDeadline' | 'retryPeriod', number>>): void {
  for (const [name, value] of Object.entries(durations)) {
    if (!(value > 0 && value <= longestTimer))
      throw new ConfigError(`\`leaderElection.${name}\` must be a number of milliseconds above 0, but is ${value}`);
  }
  const { leaseDuration, renewDeadline, retryPeriod } = durations;
  if (retryPeriod * jitterFactor < renewDeadline && renewDeadline < leaseDuration) return;
  throw new ConfigError(
    `The durations of \`leaderElection\` must be retryPeriod × ${jitterFactor} < renewDeadline < leaseDuration, but are ` +
      `${retryPeriod}, ${renewDeadline} and ${leaseDuration}: leave them out for 2000, 10000 and 15000`,
  );
}
