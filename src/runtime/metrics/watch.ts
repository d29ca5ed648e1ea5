import { metrics } from './index.js';

const problems = metrics.counter({
  name: 'opgen_watch_problems_total',
  help: 'Lists and watches of the cache that failed or broke off, by what was the matter.',
  labelNames: ['resource', 'problem'],
});

/** `resource` is as in `deployments.apps`. */
export const countWatchProblem = (resource: string, problem: string): void => problems.labels(resource, problem).inc();
