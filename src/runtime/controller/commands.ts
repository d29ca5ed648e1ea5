import type { Event } from '../event.js';
import type { K8sObject } from '../resource.js';

/** An object that has this annotation with the value `true` is left alone, its deletion included, until the annotation goes. */
export const pausedAnnotation = 'opgen.dev/paused';

/**
 * A change of this annotation makes its object reconciled at once, whatever the controller filters:
 * `kubectl annotate <kind> <name> opgen.dev/reconcile-at="$(date +%s)" --overwrite`.
 */
export const reconcileAtAnnotation = 'opgen.dev/reconcile-at';

/** Whether its annotations say that controllers leave the object alone. */
export const isPaused = (object: K8sObject): boolean => annotationOf(object, pausedAnnotation) === 'true';

/** Whether an event is an order to the controller, which no predicate holds back: to reconcile at once, or to go on after a pause. */
export const isCommand = <T extends K8sObject>(event: Event<T>): boolean =>
  event.type === 'update' &&
  [pausedAnnotation, reconcileAtAnnotation].some(
    (name) => annotationOf(event.old, name) !== annotationOf(event.object, name),
  );

const annotationOf = ({ metadata }: K8sObject, annotation: string): string | undefined =>
  metadata?.annotations?.[annotation];
