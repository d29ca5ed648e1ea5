export type { Cache, CacheOptions, CacheScope, Informer } from './cache/types.js';
export type {
  Body,
  CallOptions,
  Client,
  DeleteOptions,
  ListOptions,
  Patch,
  PatchOptions,
  Reader,
  Scale,
  SubresourceWriter,
} from './client/types.js';
export type { Cluster, ClusterRequest, ClusterResponse, KubeConfigLike } from './cluster.js';
export {
  type Condition,
  findCondition,
  isConditionFalse,
  isConditionTrue,
  type NewCondition,
  removeCondition,
  setCondition,
} from './conditions.js';
export { type Connected, type ConnectOptions, connect } from './connect.js';
export { type BreakerOptions, type CircuitBreaker, CircuitOpenError, circuitBreaker } from './controller/breaker.js';
export { channel } from './controller/channel.js';
export { isPaused, pausedAnnotation, reconcileAtAnnotation } from './controller/commands.js';
export { defineController } from './controller/define.js';
export { allOf, anyOf, changed, hasLabels, not } from './controller/predicates.js';
export { type FailureReason, failureReason } from './controller/reason.js';
export { owned, watch } from './controller/sources.js';
export type {
  AnyController,
  Context,
  Controller,
  ControllerOptions,
  Predicate,
  RateLimiter,
  Reconciled,
  Result,
  SharedControllerOptions,
  Source,
  SourceContext,
  SourceQueue,
} from './controller/types.js';
export { defineResource, metadataOnly } from './define.js';
export {
  ApiError,
  ConfigError,
  isNotFound,
  NoAnswerError,
  NotLeaderError,
  RetryLaterError,
  retryOnConflict,
  type Status,
  TerminalError,
} from './errors.js';
export type { Event } from './event.js';
export type { EventRecorder } from './events/types.js';
export { addFinalizer, containsFinalizer, removeFinalizer } from './finalizers.js';
export type { JsonPatchOp } from './jsonpatch.js';
export type { LeaderElectionOptions } from './leaderelection/index.js';
export { createLogger, type Logger, type LogLevel, type LogOptions, silentLogger } from './log.js';
export { exitWithError } from './manager/exit.js';
export { managerFlags } from './manager/flags.js';
export { createManager } from './manager/index.js';
export { onSignals } from './manager/signals.js';
export type { Check, Manager, ManagerOptions, Runnable } from './manager/types.js';
export { type Metrics, metrics } from './metrics/index.js';
export type { MetricsOptions } from './metrics/options.js';
export type {
  Counter,
  Gauge,
  Histogram,
  HistogramOptions,
  MetricOptions,
  MetricsSource,
  Registry,
} from './metrics/types.js';
export {
  AlreadyOwnedError,
  controllerOf,
  hasOwner,
  removeOwnerReference,
  setControllerReference,
  setOwnerReference,
} from './owners.js';
export {
  type AnyResource,
  type K8sObject,
  type Key,
  keyOf,
  type ObjectMeta,
  type OwnerReference,
  type Resource,
} from './resource.js';
export type { LabelSelector } from './selectors.js';
export { type ReconcileTrace, type RequestTrace, reconcileChannel, requestChannel } from './trace.js';
