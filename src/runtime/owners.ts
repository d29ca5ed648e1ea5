import { groupOf, type K8sObject, type OwnerReference } from './resource.js';

/** An object has at most one controller, and this one has another already. */
export class AlreadyOwnedError extends Error {
  override name = 'AlreadyOwnedError';
  /** The controller that the object has. */
  readonly owner: OwnerReference;

  constructor(object: K8sObject, owner: OwnerReference) {
    super(`${nameOf(object)} must have one controller, but it belongs to the ${owner.kind} \`${owner.name}\` already`);
    this.owner = owner;
  }
}

/**
 * Makes the owner the controller of the object, in place: the object goes with the owner, and its changes wake the owner's controller.
 * `blockOwnerDeletion` defaults to true.
 *
 * Throws AlreadyOwnedError where another one controls the object, and a TypeError where the owner lacks what a reference needs, or where
 * the scopes do not fit.
 */
export function setControllerReference(
  owner: K8sObject,
  object: K8sObject,
  { blockOwnerDeletion = true }: { blockOwnerDeletion?: boolean } = {},
): void {
  const current = controllerOf(object);
  const reference = { ...referenceTo(owner, object), controller: true, blockOwnerDeletion };
  if (current && !isSameOwner(current, reference)) throw new AlreadyOwnedError(object, current);
  putReference(object, reference);
}

/** Adds the owner to those of the object, in place. Throws a TypeError as `setControllerReference` does. */
export function setOwnerReference(owner: K8sObject, object: K8sObject): void {
  const reference = referenceTo(owner, object);
  const current = object.metadata?.ownerReferences?.find((each) => isSameOwner(each, reference));
  putReference(object, { ...current, ...reference });
}

/** The reference to the controller of the object. */
export const controllerOf = (object: K8sObject): OwnerReference | undefined =>
  object.metadata?.ownerReferences?.find((each) => each.controller === true);

/** Whether the object refers to the owner, as its controller or not. */
export function hasOwner(object: K8sObject, owner: K8sObject): boolean {
  const reference = ownerPartsOf(owner);
  return (object.metadata?.ownerReferences ?? []).some((each) => isSameOwner(each, reference));
}

/** Takes the reference to the owner away, in place; returns whether there was one. */
export function removeOwnerReference(owner: K8sObject, object: K8sObject): boolean {
  if (!hasOwner(object, owner) || !object.metadata?.ownerReferences) return false;
  const reference = ownerPartsOf(owner);
  object.metadata.ownerReferences = object.metadata.ownerReferences.filter((each) => !isSameOwner(each, reference));
  return true;
}

type OwnerParts = Pick<OwnerReference, 'apiVersion' | 'kind' | 'name'>;

/** The version of the API does not matter: the same owner may be read in several. */
const isSameOwner = (left: OwnerParts, right: OwnerParts): boolean =>
  groupOf(left.apiVersion) === groupOf(right.apiVersion) && left.kind === right.kind && left.name === right.name;

function referenceTo(owner: K8sObject, object: K8sObject): OwnerReference {
  const reference = { ...ownerPartsOf(owner), uid: needed(owner.metadata?.uid, 'metadata.uid') };
  const [of, own] = [owner.metadata?.namespace, object.metadata?.namespace];
  if (of && !own)
    throw new TypeError(
      `The owner of ${nameOf(object)}, an object of the cluster, must not be in a namespace, but is in \`${of}\``,
    );
  if (of && of !== own)
    throw new TypeError(`The owner of ${nameOf(object)} must be in its namespace \`${own}\`, but is in \`${of}\``);
  return reference;
}

const ownerPartsOf = ({ apiVersion, kind, metadata }: K8sObject): OwnerParts => ({
  apiVersion: needed(apiVersion, 'apiVersion'),
  kind: needed(kind, 'kind'),
  name: needed(metadata?.name, 'metadata.name'),
});

function needed(value: string | undefined, member: string): string {
  if (value) return value;
  throw new TypeError(`An owner must have \`${member}\`, but has none: pass the object as the API server gave it`);
}

function putReference(object: K8sObject, reference: OwnerReference): void {
  const others = object.metadata?.ownerReferences ?? [];
  const index = others.findIndex((each) => isSameOwner(each, reference));
  const ownerReferences = index < 0 ? [...others, reference] : others.with(index, reference);
  object.metadata = { ...object.metadata, ownerReferences };
}

const nameOf = ({ kind, metadata }: K8sObject): string => `${kind ?? 'object'} \`${metadata?.name ?? ''}\``;
