import { metrics } from './index.js';

const status = metrics.gauge({
  name: 'leader_election_master_status',
  help: '1 where this process leads, 0 where it waits, by name of the lease.',
  labelNames: ['name'],
});

/** Told by an election when this process begins and ends to lead. */
export interface LeaderObserver {
  started(): void;
  stopped(): void;
}

/** The series of an election; it says 0 until the lease is won. */
export function leaderMetrics(lease: string): LeaderObserver {
  const own = status.labels(lease);
  own.set(0);
  return { started: () => own.set(1), stopped: () => own.set(0) };
}
