import type { K8sObject } from '../../runtime/resource.js';
import type { ValueFinding } from '../../validate/result.js';

type Meta = NonNullable<K8sObject['metadata']>;

const emptyRules: readonly (readonly [field: 'apiVersion' | 'kind' | 'name' | 'uid', rule: string])[] = [
  ['apiVersion', 'version must not be empty'],
  ['kind', 'must not be empty'],
  ['name', 'must not be empty'],
  ['uid', 'must not be empty'],
];

/** Owner references need all their fields, and only one of them is the controller. */
export function checkOwners({ ownerReferences = [] }: Meta): readonly ValueFinding[] {
  const owners = ownerReferences ?? [];
  const empty = owners.flatMap((owner) =>
    emptyRules.flatMap(([field, rule]): ValueFinding[] =>
      owner[field] ? [] : [{ path: `metadata.ownerReferences.${field}`, message: `Invalid value: "": ${rule}` }],
    ),
  );
  const controllers = owners.filter(({ controller }) => controller === true);
  if (controllers.length < 2) return empty;
  const [first, second] = controllers.map(({ kind, name }) => `${kind}/${name}`);
  const rule = 'Only one reference can have Controller set to true';
  const fact = `${rule}. Found "true" in references for ${first} and ${second}`;
  return [...empty, { path: 'metadata.ownerReferences', message: `Invalid value: ${JSON.stringify(owners)}: ${fact}` }];
}
