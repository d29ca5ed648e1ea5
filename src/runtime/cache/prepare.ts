import { copyOf, freezeDeep } from '../json.js';
import type { Logger } from '../log.js';
import { countUserError } from '../metrics/usercode.js';
import { projected } from '../projection.js';
import { type K8sObject, keyOf, keyText, type ObjectMeta, type Resource } from '../resource.js';
import type { KindScope } from './scope.js';

/** Makes an object of the wire what the store holds. It may change the object that it gets. */
export type Prepare<T> = (raw: T) => T;

/**
 * Objects get apiVersion and kind, lose managedFields, or all but their metadata where the handle asks for no more, go through the transform, and are frozen. What the transform throws is logged with
 * the key, and the object stays as it was.
 */
export function createPrepare<T extends K8sObject>(resource: Resource<T>, scope: KindScope, log: Logger): Prepare<T> {
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
      countUserError('transform');
      log.error(error, 'A transform failed; the object is cached as it is', { key: keyText(keyOf(object)) });
      return object;
    }
  }

  return (raw) => {
    const object = projected(resource, raw);
    if (stripManagedFields && object.metadata) object.metadata = withoutManagedFields(object.metadata);
    return freezeDeep(transformed(object));
  };
}

/** A copy: a member that is deleted would leave a slower, larger object behind. */
function withoutManagedFields({ managedFields: _, ...metadata }: ObjectMeta): ObjectMeta {
  return metadata;
}

const isSame = (object: K8sObject, other: K8sObject | undefined): boolean =>
  other?.metadata?.name === object.metadata?.name && other?.metadata?.namespace === object.metadata?.namespace;
