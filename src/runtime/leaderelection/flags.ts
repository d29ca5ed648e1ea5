import { ConfigError } from '../errors.js';
import type { LeaderElectionOptions } from './options.js';

/** What the flags of an election say, in whatever order they came. */
export interface ElectionFlags {
  isOn?: boolean;
  id?: string;
  namespace?: string;
}

/**
 * The option `leaderElection` of the flags; nothing where --leader-elect is not among them. An operator that is run by flags ends with its
 * manager, so it gives the lease up then. Throws ConfigError for an election without a lease.
 */
export function electionByFlags({ isOn, id, namespace }: ElectionFlags): {
  leaderElection?: false | LeaderElectionOptions;
} {
  if (isOn === undefined) return {};
  if (!isOn) return { leaderElection: false };
  if (id === undefined) {
    throw new ConfigError(
      'The flag --leader-elect must come with the name of the lease, but there is none: type --leader-election-id=NAME, the same for all replicas',
    );
  }
  return { leaderElection: { id, ...(namespace !== undefined && { namespace }), releaseOnCancel: true } };
}
