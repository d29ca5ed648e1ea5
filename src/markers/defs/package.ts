import { arg, defineMarker } from '../define.js';

export const groupName = defineMarker({
  name: 'groupName',
  targets: ['package'],
  args: arg.optional(arg.string()),
  summary: 'The API group of the kinds in this directory, domain included.',
  example: '+groupName=cache.example.com',
});

export const versionName = defineMarker({
  name: 'versionName',
  targets: ['package'],
  args: arg.string(),
  summary: 'The version of the kinds in this directory, if it is not the name of the directory.',
  example: '+versionName=v1alpha1',
});

export const skip = defineMarker({
  name: 'kubebuilder:skip',
  targets: ['package'],
  args: arg.none(),
  summary: 'No kinds are taken from this directory.',
  example: '+kubebuilder:skip',
});

export const objectRoot = defineMarker<boolean>({
  name: 'kubebuilder:object:root',
  tag: { name: 'kind', args: arg.none<boolean>(), example: '@kind' },
  targets: ['type'],
  args: arg.boolean(),
  summary: 'The type is a kind that writes its members out instead of extending CustomResource.',
  example: '+kubebuilder:object:root=true',
});

export const objectGenerate = defineMarker({
  name: 'kubebuilder:object:generate',
  targets: ['package', 'type'],
  args: arg.boolean(),
  summary: 'Accepted without effect: TypeScript needs no generated copy functions.',
  example: '+kubebuilder:object:generate=true',
});

export const deepcopyGen = defineMarker({
  name: 'k8s:deepcopy-gen',
  targets: ['package', 'type'],
  args: arg.raw(),
  summary: 'Accepted without effect: TypeScript needs no generated copy functions.',
  example: '+k8s:deepcopy-gen=package',
});

export const deepcopyGenInterfaces = defineMarker({
  name: 'k8s:deepcopy-gen:interfaces',
  targets: ['type'],
  repeatable: true,
  args: arg.raw(),
  summary: 'Accepted without effect: TypeScript needs no generated copy functions.',
  example: '+k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object',
});

export const applyConfiguration = defineMarker({
  name: 'kubebuilder:ac:generate',
  targets: ['package', 'type'],
  args: arg.boolean(),
  summary: 'Accepted without effect: the types of a kind are its apply configuration in TypeScript.',
  example: '+kubebuilder:ac:generate=true',
});

export const applyConfigurationPackage = defineMarker({
  name: 'kubebuilder:ac:output:package',
  targets: ['package'],
  args: arg.string(),
  summary: 'Accepted without effect: TypeScript needs no generated apply configurations.',
  example: '+kubebuilder:ac:output:package=applyconfiguration',
});

export const packageMarkers = [
  groupName,
  versionName,
  skip,
  objectRoot,
  objectGenerate,
  deepcopyGen,
  deepcopyGenInterfaces,
  applyConfiguration,
  applyConfigurationPackage,
] as const;
