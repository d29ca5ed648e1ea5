import { TerminalError } from '../errors.js';
import { metrics } from './index.js';
import type { Counter } from './types.js';

/** How a reconcile ended, in the words of controller-runtime. */
export type ReconcileOutcome = 'success' | 'error' | 'requeue' | 'requeue_after';

const outcomes: readonly ReconcileOutcome[] = ['success', 'error', 'requeue', 'requeue_after'];

/** Seconds. */
const reconcileBuckets: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2,
  2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];

const byController = ['controller'];
const counter = (name: string, what: string): Counter =>
  metrics.counter({
    name: `controller_runtime_${name}_total`,
    help: `${what} by controller.`,
    labelNames: byController,
  });

const total = metrics.counter({
  name: 'controller_runtime_reconcile_total',
  help: 'Reconciles by controller and result.',
  labelNames: ['controller', 'result'],
});
const errors = counter('reconcile_errors', 'Reconciles that failed');
const terminalErrors = counter('terminal_reconcile_errors', 'Reconciles that failed for good');
const panics = counter('reconcile_panics', 'Reconciles that failed with a mistake in the program');
const timeouts = counter('reconcile_timeouts', 'Reconciles that took longer than their timeout');
const time = metrics.histogram({
  name: 'controller_runtime_reconcile_time_seconds',
  help: 'Time of reconciles by controller in seconds.',
  labelNames: byController,
  buckets: reconcileBuckets,
});
const most = metrics.gauge({
  name: 'controller_runtime_max_concurrent_reconciles',
  help: 'Reconciles that may run at the same time by controller.',
  labelNames: byController,
});
const active = metrics.gauge({
  name: 'controller_runtime_active_workers',
  help: 'Reconciles that run now by controller.',
  labelNames: byController,
});

/** Counts the reconciles of one controller. */
export interface ControllerMetrics {
  /** A reconcile has begun; the result is to be called when it has settled. */
  begin(): () => void;
  succeeded(outcome: Exclude<ReconcileOutcome, 'error'>): void;
  failed(error: unknown): void;
  timedOut(): void;
}

/** All series of the controller are there from now on. */
export function controllerMetrics(controller: string, concurrency: number): ControllerMetrics {
  const results = new Map(outcomes.map((outcome) => [outcome, total.labels(controller, outcome)]));
  const own = {
    errors: errors.labels(controller),
    terminalErrors: terminalErrors.labels(controller),
    panics: panics.labels(controller),
    timeouts: timeouts.labels(controller),
    time: time.labels(controller),
    active: active.labels(controller),
  };
  most.labels(controller).set(concurrency);
  return {
    begin() {
      const startedAt = performance.now();
      own.active.inc();
      return () => {
        own.active.dec();
        own.time.observe((performance.now() - startedAt) / 1000);
      };
    },
    succeeded: (outcome) => results.get(outcome)?.inc(),
    failed(error) {
      results.get('error')?.inc();
      own.errors.inc();
      if (error instanceof TerminalError) own.terminalErrors.inc();
      if (isPanic(error)) own.panics.inc();
    },
    timedOut: () => own.timeouts.inc(),
  };
}

const programErrors: readonly (new () => Error)[] = [TypeError, ReferenceError, RangeError, SyntaxError];

/**
 * JavaScript has no panics. What comes closest: an error that the language itself throws, or something thrown that is no error. One with a
 * cause was made on purpose: `fetch` rejects with a TypeError when there is no network.
 */
export function isPanic(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  return error.cause === undefined && programErrors.some((each) => error.constructor === each);
}
