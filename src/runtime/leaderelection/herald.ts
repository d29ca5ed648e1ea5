import { hostname } from 'node:os';
import type { Cluster } from '../cluster.js';
import { createRecorder } from '../events/recorder.js';
import type { Logger } from '../log.js';
import type { LeaderObserver } from '../metrics/leader.js';
import type { K8sObject } from '../resource.js';

/** Tells the world who leads: the log, the metrics, and events about the lease. */
export interface Herald {
  started(): void;
  stopped(): void;
  /** Sends what is left of the events; with one more where the leader ends by its own will, while it can still write. */
  end(isOrderly: boolean): Promise<void>;
}

interface Tools {
  readonly identity: string;
  /** Where the events go. */
  readonly cluster: Cluster;
  readonly log: Logger;
  /** The lease. */
  readonly about: () => K8sObject | undefined;
  readonly observer?: LeaderObserver | undefined;
}

export function createHerald({ identity, cluster, log, about, observer }: Tools): Herald {
  let events: ReturnType<typeof createRecorder> | undefined;
  const emit = (action: string, verb: string): void => {
    const lease = about();
    const note = `${identity} ${verb} leading`;
    if (lease) events?.emit(lease, { type: 'Normal', reason: 'LeaderElection', action, note });
  };
  return {
    started() {
      log.info('This replica leads');
      observer?.started();
      events = createRecorder({ cluster, controller: 'leader-election', log, instance: hostname() });
      emit('StartLeading', 'started');
    },
    stopped: () => observer?.stopped(),
    async end(isOrderly) {
      if (isOrderly) emit('StopLeading', 'stopped');
      await events?.stop();
    },
  };
}
