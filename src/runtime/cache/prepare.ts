import { copyOf, freezeDeep } from '../json.js';
import type { Logger } from '../log.js';
import { apiVersionOf, type K8sObject, keyOf, keyText, type Resource } from '../resource.js';
import type { KindScope } from './scope.js';

/** Makes an object of the wire what the store holds. It may change the object that it gets. */
export type Prepare<T> = (raw: T) => T;

/**
 * Objects get apiVersion and kind, lose managedFields, go through the transform, and are frozen. What the transform throws is logged with
 * the key, and the object stays as it was.
 */
export function createPrepare<T extends K8sObject>(resource: Resource<T>, scope: KindScope, log: Logger): Prepare<T> {
  const apiVersion = apiVersionOf(resource);
  const { kind } = resource;
  const { transform, stripManagedFields } = scope;

  function transformed(object: T): T {
    if (!transform) return object;
    try {
      const result: T = transform(copyOf(object));
      if (isSame(object, result)) return result;
      throw new TypeError(
        'A transform must return the object with its name and namespace, but returned something else',
      );
    } catch (error) {
      log.error(error, 'A transform failed; the object is cached as it is', { key: keyText(keyOf(object)) });
      return object;
    }
  }

  return (raw) => {
    raw.apiVersion ??= apiVersion;
    raw.kind ??= kind;
    if (stripManagedFields && raw.metadata) delete raw.metadata.managedFields;
    return freezeDeep(transformed(raw));
  };
}

const isSame = (object: K8sObject, other: K8sObject | undefined): boolean =>
  other?.metadata?.name === object.metadata?.name && other?.metadata?.namespace === object.metadata?.namespace;
