import { arg, defineMarker, type Grammar } from '../define.js';

/** Markers of a kind, for its CRD and its versions. They carry values; the CRD is built from these. */
const onKind = { targets: ['type'], kindOnly: true } as const;

export const resource = defineMarker({
  ...onKind,
  name: 'kubebuilder:resource',
  args: arg.record({
    path: arg.about('the plural name, in the path of the API', arg.optional(arg.string())),
    shortName: arg.about('abbreviations for `kubectl`', arg.optional(arg.list(arg.string()))),
    categories: arg.about('names of groups of resources, such as `all`', arg.optional(arg.list(arg.string()))),
    singular: arg.about('the singular name', arg.optional(arg.string())),
    scope: arg.about('Namespaced unless it says Cluster', arg.optional(arg.oneOf('Namespaced', 'Cluster'))),
  }),
  summary:
    'Names and scope of the resource: plural, short names, categories, singular; Namespaced unless it says Cluster.',
  example: '+kubebuilder:resource:path=memcacheds,shortName=mc,categories=all;cache,scope=Namespaced',
});

export const subresourceStatus = defineMarker({
  ...onKind,
  name: 'kubebuilder:subresource:status',
  args: arg.none(),
  summary: 'The status is a subresource with an endpoint of its own.',
  example: '+kubebuilder:subresource:status',
});

export const subresourceScale = defineMarker({
  ...onKind,
  name: 'kubebuilder:subresource:scale',
  args: arg.record({
    specpath: arg.about('path of the wanted replicas, below `.spec`', arg.string()),
    statuspath: arg.about('path of the observed replicas, below `.status`', arg.string()),
    selectorpath: arg.about('path of the selector as a string; autoscalers need it', arg.optional(arg.string())),
  }),
  summary:
    'The scale subresource, for `kubectl scale` and autoscalers: JSON paths of the wanted and the observed replicas.',
  example: '+kubebuilder:subresource:scale:specpath=.spec.size,statuspath=.status.size,selectorpath=.status.selector',
});

export const printcolumn = defineMarker({
  ...onKind,
  name: 'kubebuilder:printcolumn',
  repeatable: true,
  args: arg.record({
    name: arg.about('the head of the column', arg.string()),
    type: arg.about('what the column holds', arg.oneOf('integer', 'number', 'string', 'boolean', 'date')),
    JSONPath: arg.about('a path such as `.spec.size`', arg.string()),
    description: arg.about('what it means', arg.optional(arg.string())),
    format: arg.about(
      'a format of OpenAPI',
      arg.optional(arg.oneOf('int32', 'int64', 'float', 'double', 'byte', 'date', 'date-time', 'password')),
    ),
    priority: arg.about('above 0: only with `-o wide`', arg.optional(arg.integer())),
  }),
  summary: 'A column of `kubectl get`; one with a priority above 0 shows only with `-o wide`.',
  example: '+kubebuilder:printcolumn:name=Size,type=integer,JSONPath=.spec.size',
});

export const selectablefield = defineMarker({
  ...onKind,
  name: 'kubebuilder:selectablefield',
  repeatable: true,
  args: arg.record({ JSONPath: arg.about('a path such as `.spec.version`', arg.string()) }),
  summary: 'A property that field selectors can use.',
  example: '+kubebuilder:selectablefield:JSONPath=.spec.version',
});

export const storageversion = defineMarker({
  ...onKind,
  name: 'kubebuilder:storageversion',
  args: arg.none(),
  summary: 'The version that is stored. A kind with several versions needs exactly one.',
  example: '+kubebuilder:storageversion',
});

export const unservedversion = defineMarker({
  ...onKind,
  name: 'kubebuilder:unservedversion',
  args: arg.none(),
  summary: 'The API server does not serve this version.',
  example: '+kubebuilder:unservedversion',
});

/** The tag `@deprecated` may stand on any type or property; it only counts on a kind. */
export const deprecatedversion = defineMarker<{ readonly warning?: string }>({
  ...onKind,
  name: 'kubebuilder:deprecatedversion',
  tag: {
    name: 'deprecated',
    targets: ['type', 'field'],
    args: {
      type: 'text',
      optional: true,
      parse: (text) => ({ value: text.trim() === '' ? {} : { warning: text.trim() } }),
    },
    example: '@deprecated use v1 instead',
  },
  args: arg.record({ warning: arg.about('what clients see', arg.optional(arg.string())) }),
  summary: 'The version is deprecated; clients see the warning.',
  example: '+kubebuilder:deprecatedversion:warning="use v1 instead"',
});

export const skipversion = defineMarker({
  ...onKind,
  name: 'kubebuilder:skipversion',
  args: arg.none(),
  summary: 'The version is left out of the CRD.',
  example: '+kubebuilder:skipversion',
});

/** A list of `key=value`, split at the first `=`. */
const pairs = (): Grammar<Readonly<Record<string, string>>> =>
  arg.mapped(
    arg.checked(arg.list(arg.string()), (texts) => {
      const keys = texts.map((text) => text.slice(0, Math.max(0, text.indexOf('='))));
      if (keys.includes('')) return '`key=value` in each element';
      return new Set(keys).size < new Set(texts).size ? 'one value for each key' : undefined;
    }),
    (texts) =>
      Object.fromEntries(texts.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)])),
  );

export const metadata = defineMarker({
  ...onKind,
  name: 'kubebuilder:metadata',
  repeatable: true,
  args: arg.record({
    annotations: arg.about('`key=value`, split at the first `=`', arg.optional(pairs())),
    labels: arg.about('`key=value`, split at the first `=`', arg.optional(pairs())),
  }),
  summary: 'Annotations and labels of the CRD itself.',
  example: '+kubebuilder:metadata:annotations="example.com/team=cache";"example.com/tier=1",labels="app=memcached"',
});

export const crdMarkers = [
  resource,
  subresourceStatus,
  subresourceScale,
  printcolumn,
  selectablefield,
  storageversion,
  unservedversion,
  deprecatedversion,
  skipversion,
  metadata,
] as const;
