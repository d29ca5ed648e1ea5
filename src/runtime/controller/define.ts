import type { AnyResource, K8sObject } from '../resource.js';
import type { AnyController, Controller } from './types.js';

/** Checks a controller and gives it back as it is. Throws TypeError for a name or a number that cannot be meant. */
export function defineController<T extends K8sObject>(c: Controller<T>): Controller<T> {
  checkController(c);
  return c;
}

/** The name of a controller: its own, or the kind in lower case. */
export const controllerName = (c: AnyController): string => c.name ?? c.for.kind.toLowerCase();

/** Throws TypeError with the first mistake. */
export function checkController(c: AnyController): void {
  checkResource(c.for, '`for` of a controller');
  const name = controllerName(c);
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
    throw new TypeError(
      `The name of a controller must consist of lower-case letters, digits and \`-\`, at most 63, but is \`${name}\``,
    );
  }
  if (typeof c.reconcile !== 'function') {
    throw new TypeError(`Controller \`${name}\` must have a function \`reconcile\`, but has none`);
  }
  if (c.finalizer) checkFinalizer(name, c.finalizer);
  checkNumber(name, 'concurrency', c.concurrency);
  checkNumber(name, 'reconcileTimeout', c.reconcileTimeout);
  checkNumber(name, 'cacheSyncTimeout', c.cacheSyncTimeout);
}

type AnyFinalizer = NonNullable<AnyController['finalizer']>;

/** Throws TypeError for what is no handle of a kind: modules that import each other in a circle see `undefined` instead. */
export function checkResource(r: AnyResource | undefined, what: string): void {
  if (typeof r?.kind === 'string' && typeof r.plural === 'string') return;
  throw new TypeError(
    `${what} must be the handle of a kind, but is ${r === undefined ? '`undefined`: do modules import each other in a circle?' : 'something else'}`,
  );
}

const domain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/;

function checkFinalizer(controller: string, { name: finalizer, cleanup }: AnyFinalizer): void {
  if (typeof cleanup !== 'function')
    throw new TypeError(`The finalizer of controller \`${controller}\` must have a function \`cleanup\`, but has none`);
  const [prefix = '', name = '', ...rest] = finalizer.split('/');
  if (domain.test(prefix) && /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(name) && rest.length === 0) return;
  throw new TypeError(
    `The finalizer of controller \`${controller}\` must be a domain and a name, as in \`example.com/cleanup\`, but is \`${finalizer}\``,
  );
}

function checkNumber(
  controller: string,
  option: 'concurrency' | 'reconcileTimeout' | 'cacheSyncTimeout',
  value: number | undefined,
): void {
  const isCount = option === 'concurrency';
  if (value === undefined || (isCount ? Number.isInteger(value) && value >= 1 : value >= 0)) return;
  const range = isCount ? 'a whole number from 1 on' : 'a number from 0 on';
  throw new TypeError(`\`${option}\` of controller \`${controller}\` must be ${range}, but is ${value}`);
}
