/**
 * What client-node's declarations say too vaguely of types, for schemas and for `opgen/k8s`. Keys are `Type.field` in Go's names, and hold
 * for every version of the type. Source: the Go types of k8s.io/api at the release that client-node was made from. What a schema says beyond
 * its types, such as defaults and map keys, is in `overlay.json`.
 */

/** Fields of resource.Quantity, or lists and maps of it: client-node types them as strings. */
export const quantities: ReadonlySet<string> = new Set([
  'CSIStorageCapacity.capacity',
  'CSIStorageCapacity.maximumVolumeSize',
  'CapacityRequestPolicy.default',
  'CapacityRequestPolicy.validValues',
  'CapacityRequestPolicyRange.max',
  'CapacityRequestPolicyRange.min',
  'CapacityRequestPolicyRange.step',
  'CapacityRequirements.requests',
  'ContainerStatus.allocatedResources',
  'Counter.value',
  'DeviceCapacity.value',
  'DeviceRequestAllocationResult.consumedCapacity',
  'EmptyDirVolumeSource.sizeLimit',
  'HPAScalingRules.tolerance',
  'LimitRangeItem.default',
  'LimitRangeItem.defaultRequest',
  'LimitRangeItem.max',
  'LimitRangeItem.maxLimitRequestRatio',
  'LimitRangeItem.min',
  'MetricTarget.averageValue',
  'MetricTarget.value',
  'MetricValueStatus.averageValue',
  'MetricValueStatus.value',
  'NodeAllocatableResourceClaimStatus.resources',
  'NodeAllocatableResourceMapping.allocationMultiplier',
  'NodeStatus.allocatable',
  'NodeStatus.capacity',
  'Overhead.podFixed',
  'PersistentVolumeClaimStatus.allocatedResources',
  'PersistentVolumeClaimStatus.capacity',
  'PersistentVolumeSpec.capacity',
  'PodSpec.overhead',
  'PodStatus.allocatedResources',
  'ResourceFieldSelector.divisor',
  'ResourceQuotaSpec.hard',
  'ResourceQuotaStatus.hard',
  'ResourceQuotaStatus.used',
  'ResourceRequirements.limits',
  'ResourceRequirements.requests',
  'VolumeResourceRequirements.limits',
  'VolumeResourceRequirements.requests',
]);

/** Fields that take any JSON value. client-node's other `any` are objects: RawExtension, FieldsV1 and empty structs. */
export const untypedJson: ReadonlySet<string> = new Set([
  'JSONSchemaProps.additionalItems',
  'JSONSchemaProps.additionalProperties',
  'JSONSchemaProps.default',
  'JSONSchemaProps.dependencies',
  'JSONSchemaProps.enum',
  'JSONSchemaProps.example',
  'JSONSchemaProps.items',
]);

/**
 * Types that a group version module exports beside its kinds and what they reach, by client-node's names: bodies of
 * subresources, which no path of their own names, and the machinery that Go has in meta/v1.
 */
export const extraExports: { readonly [module: string]: readonly string[] } = {
  'authentication/v1': ['AuthenticationV1TokenRequest'],
  'autoscaling/v1': ['V1Scale'],
  'meta/v1': [
    'V1APIGroup',
    'V1APIGroupList',
    'V1APIResource',
    'V1APIResourceList',
    'V1APIVersions',
    'V1Condition',
    'V1DeleteOptions',
    'V1LabelSelector',
    'V1LabelSelectorRequirement',
    'V1ListMeta',
    'V1ManagedFieldsEntry',
    'V1ObjectMeta',
    'V1OwnerReference',
    'V1Preconditions',
    'V1Status',
    'V1WatchEvent',
  ],
  'policy/v1': ['V1Eviction'],
};
