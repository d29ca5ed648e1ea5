import type { CacheOptions } from '../cache/types.js';
import type { CallOptions, Client } from '../client/types.js';
import type { Cluster, KubeConfigLike } from '../cluster.js';
import type { AnyController, SharedControllerOptions } from '../controller/types.js';
import type { LeaderElectionOptions } from '../leaderelection/index.js';
import type { Logger } from '../log.js';
import type { MetricsOptions } from '../metrics/options.js';
import type { AnyResource, K8sObject, Resource } from '../resource.js';

/** How a manager runs; all of it may be left out. */
export interface ManagerOptions {
  /** Default: the file of `kubeconfig`, $KUBECONFIG, the service account of the pod, ~/.kube/config. */
  cluster?: Cluster | KubeConfigLike;
  /** Path of a kubeconfig, as of `--kubeconfig`. */
  kubeconfig?: string | undefined;
  /**
   * Of several replicas only the one that holds a lease works, and `client` writes only as long as it does. Default: none, this process is
   * the only one.
   */
  leaderElection?: false | LeaderElectionOptions;
  /** What is cached. Default: every object of the kinds that are watched or read. */
  cache?: CacheOptions;
  /** Where /healthz and /readyz answer: `bindAddress` is `:8081`, `127.0.0.1:8081`, or `0` for off. Default: off. */
  health?: false | { bindAddress?: string };
  /** Where /metrics answers, and to whom. Default: as `{}` in a pod, and not at all elsewhere. */
  metrics?: false | MetricsOptions;
  /** Defaults for all controllers. */
  controller?: SharedControllerOptions;
  /** Defaults of all calls of `client`. */
  client?: {
    /** Kinds that are always read from the API server. */
    uncached?: AnyResource[];
    fieldOwner?: string;
    dryRun?: boolean;
    fieldValidation?: NonNullable<CallOptions['fieldValidation']>;
  };
  /** Milliseconds that running reconciles get at the end. Default 30_000; 0 = none, negative = unlimited. */
  gracefulShutdownTimeout?: number;
  log?: Logger;
}

/** Something that runs as long as the manager does. */
export interface Runnable {
  name?: string;
  /** `false`: it runs in every replica, from the start. Writes by `client` of the manager need the lease all the same. Default true. */
  needLeaderElection?: boolean;
  /** Resolves when it is done, at the latest soon after the signal aborts. A rejection ends the manager. */
  start(signal: AbortSignal): Promise<void>;
}

/** A check of health: it fails by throwing or rejecting, and when it takes more than 5 s. The reason is logged. */
export type Check = (signal: AbortSignal) => void | Promise<void>;

/** Runs controllers and runnables, with one cache and one client for all. */
export interface Manager {
  /** Its reads come from the cache, and reject before the start. With `leaderElection` writes reject with NotLeaderError without the lease. */
  readonly client: Client;
  /** With `leaderElection` it refuses writes as `client` does. */
  readonly cluster: Cluster;
  /** Resolves when this replica leads; without `leaderElection` when the caches are filled. */
  readonly elected: Promise<void>;
  readonly log: Logger;
  /** Before the start; a runnable also after it, and then it starts at once. */
  add(...parts: (AnyController | Runnable)[]): this;
  /** A field that `client.list` may select objects of the cache by. */
  index<T extends K8sObject>(r: Resource<T>, field: string, extract: (o: T) => string[]): this;
  /** Adds a check of whether the process works at all. Throws TypeError for a name that is taken. */
  healthz(name: string, check: Check): this;
  /** Adds a check of whether it is ready for its work; `cache-synced` and `event-loop` are there already. */
  readyz(name: string, check: Check): this;
  /** Resolves after the graceful stop; rejects when a part fails, and at once when the lease is lost. Without a signal it runs until a part fails. */
  start(signal?: AbortSignal): Promise<void>;
}
