import { metrics } from './index.js';

/** Functions of the user that events pass through on their way to a queue. */
export type Part = 'handler' | 'index' | 'map' | 'predicate' | 'transform';

const parts: readonly Part[] = ['handler', 'index', 'map', 'predicate', 'transform'];
const errors = metrics.counter({
  name: 'opgen_event_handling_errors_total',
  help: 'Predicates, maps, transforms, index functions and handlers of events that threw.',
  labelNames: ['part'],
});
for (const part of parts) errors.labels(part);

export const countUserError = (part: Part): void => errors.labels(part).inc();
