import type { Answer } from './answer.js';

const at = (path: string, ...messages: readonly string[]): readonly Answer[] =>
  messages.map((says) => ({ at: path, says }));

const dnsLabel = 'a DNS-1035 label must consist of {rest}';
const dnsSubdomain = 'Invalid value: {value}: a lowercase RFC 1123 subdomain must consist of {rest}';
const longLabel = 'must be no more than 63 characters';
const label = (path: string): readonly Answer[] =>
  [dnsLabel, longLabel].flatMap((text) => at(path, `Invalid value: {value}: ${text}`));
const kind = (path: string): readonly Answer[] =>
  [dnsLabel, longLabel].flatMap((text) =>
    at(path, `Invalid value: {value}: may have mixed case, but should otherwise match: ${text}`),
  );
const qualified = (path: string): readonly Answer[] =>
  ['name part', 'prefix part', 'a valid label key'].flatMap((subject) =>
    at(path, `Invalid value: {value}: ${subject} {rest}`),
  );
const unsupported = (key: string): readonly Answer[] => at(`{node}.${key}`, `Forbidden: ${key} is not supported`);
const decode = (message: string): readonly Answer[] => at('', `{start}: ${message}`);
const unmarshal = 'json: cannot unmarshal {value} into Go struct field {field}';
const branch = (keys: readonly string[], word: string): readonly Answer[] =>
  keys.flatMap((key) => at(`{node}.${key}`, `Forbidden: must be ${word} to be structural`));
const celText = (key: string, ...messages: readonly string[]): readonly Answer[] =>
  at(`{node}.x-kubernetes-validations[{i}].${key}`, ...messages);
const hook = 'spec.conversion.webhookClientConfig';
const defaults = ['Invalid value: {fact}', 'Required value'];
const manyDefaults = ['Unsupported value: {value}: supported values: {values}', 'Too many: {fact}', 'Too long: {fact}'];
const inMetadata = 'must result in valid metadata: {fact}';

/** What kube-apiserver 1.36 prints for the rules that it has, by their ids. */
export const answers = {
  N1: at(
    'metadata.name',
    'Required value: name or generateName is required',
    'Invalid value: {value}: must be spec.names.plural+"."+spec.group',
    'Invalid value: {value}: must be no more than 253 characters',
    dnsSubdomain,
  ),
  N2: at(
    'spec.group',
    'Required value',
    'Invalid value: {value}: should be a domain with at least one dot',
    dnsSubdomain,
    'Invalid value: {value}: must be no more than 253 characters',
  ),
  N3: at('spec.scope', 'Required value', 'Unsupported value: {value}: supported values: "Cluster", "Namespaced"'),
  N4: [
    ...at('spec.names.plural', 'Required value'),
    ...label('spec.names.plural'),
    ...label('spec.names.singular'),
    ...label('spec.names.shortNames[{i}]'),
    ...label('spec.names.categories[{i}]'),
  ],
  N5: [
    ...at('spec.names.kind', 'Required value'),
    ...kind('spec.names.kind'),
    ...kind('spec.names.listKind'),
    ...at('spec.names.listKind', 'Invalid value: {value}: kind and listKind may not be the same'),
  ],
  N6: at(
    'metadata.annotations[api-approved.kubernetes.io]',
    'Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see {url}',
    'Invalid value: {value}: protected groups must have approval annotation "api-approved.kubernetes.io" with {rest}',
  ),
  N7: at('spec.preserveUnknownFields', 'Invalid value: true: cannot set to true, set {rest}'),
  N9: [
    ...qualified('metadata.annotations'),
    ...qualified('metadata.labels'),
    ...at(
      'metadata.labels',
      'Invalid value: {value}: a valid label must {rest}',
      'Invalid value: {value}: must be no more than 63 {unit}',
    ),
  ],
  V1: [
    ...at('spec.versions', 'Invalid value: {value}: must contain unique version names'),
    ...label('spec.versions[{i}].name'),
    ...label('spec.version'),
  ],
  V2: [
    ...at('spec.versions', 'Invalid value: {value}: must have exactly one version marked as storage version'),
    ...at('status.storedVersions', 'Invalid value: {value}: must have {rest}'),
  ],
  V3: at('spec.versions[{i}].schema.openAPIV3Schema', 'Required value'),
  V4: at(
    'spec.versions[{i}].deprecationWarning',
    'Invalid value: {value}: can only be set for deprecated versions',
    'Invalid value: {value}: must be <= 256 characters long',
    'Invalid value: {value}: must not be an empty string',
    'Invalid value: {value}: must only contain printable UTF-8 characters; {fact}',
  ),
  SS1: [
    ...['specReplicasPath', 'statusReplicasPath'].flatMap((key) =>
      at(`{version}.subresources.scale.${key}`, 'Required value'),
    ),
    ...['specReplicasPath', 'statusReplicasPath', 'labelSelectorPath'].flatMap((key) =>
      at(
        `{version}.subresources.scale.${key}`,
        'Invalid value: {value}: should be a json path under {part}',
        'Invalid value: {value}: must be a simple json path starting with .',
      ),
    ),
  ],
  SS2: [
    ...at(
      '{schema}',
      'Invalid value: {value}: only {keywords} fields are allowed at the root of the schema if the status subresource is enabled',
    ),
    ...at(
      '{schema}.type',
      'Invalid value: {value}: only "object" is allowed as the type at the root of the schema {rest}',
    ),
  ],
  PC1: [
    ...at('{version}.additionalPrinterColumns[{i}].name', 'Required value'),
    ...at('{version}.additionalPrinterColumns[{i}].type', 'Required value: must be one of {types}'),
    ...at('{version}.additionalPrinterColumns[{i}].type', 'Invalid value: {value}: must be one of {types}'),
    ...at('{version}.additionalPrinterColumns[{i}].format', 'Invalid value: {value}: must be one of {formats}'),
    ...at(
      '{version}.additionalPrinterColumns[{i}].JSONPath',
      'Required value',
      'Invalid value: {value}: must be a simple json path starting with .',
    ),
  ],
  SF1: [
    ...at('{version}.selectableFields', 'Too many: {count}: must have at most 8 items'),
    ...at(
      '{version}.selectableFields[{i}].jsonPath',
      'Duplicate value: {value}',
      'Invalid value: {value}: must not point to fields in metadata',
      'Invalid value: {value}: must point to a field of type string, boolean or integer. {rest}',
    ),
  ],
  SF3: at(
    '{version}.selectableFields',
    'Invalid value: {value}: may only be set when `version.schema.openAPIV3Schema` is not included',
    'Invalid value: {value}: may only be set when validations.schema is included',
  ),
  SF2: at(
    '{version}.selectableFields[{i}].jsonPath',
    'Required value',
    'Invalid value: {value}: is an invalid path: {fact}',
  ),
  CV1: [
    ...at(
      'spec.conversion.strategy',
      'Required value',
      'Unsupported value: {value}: supported values: "None", "Webhook"',
    ),
    ...[hook, 'spec.conversion.conversionReviewVersions'].flatMap((path) =>
      at(path, 'Forbidden: should not be set when strategy is not set to Webhook'),
    ),
  ],
  CV2: [
    ...at(
      hook,
      'Required value: required when strategy is set to Webhook',
      'Required value: exactly one of url or service is required',
    ),
    ...at(
      `${hook}.url`,
      "Invalid value: {value}: 'https' is the only allowed URL scheme; desired format: https://host[/path]",
      'Invalid value: {value}: host must be specified; desired format: https://host[/path]',
      'Invalid value: {value}: user information is not permitted in the URL',
      'Invalid value: {value}: fragments are not permitted in the URL',
      'Invalid value: {value}: query parameters are not permitted in the URL',
      'Required value: url must be a valid URL: {fact}',
    ),
    ...at(`${hook}.service.name`, 'Required value'),
    ...at(`${hook}.service.namespace`, 'Required value'),
    ...at(`${hook}.service.port`, 'Invalid value: {value}: port is not valid: must be between 1 and 65535, inclusive'),
    ...at(
      `${hook}.service.path`,
      "Invalid value: {value}: must start with a '/'",
      'Invalid value: {value}: segment[{i}] may not be empty',
      'Invalid value: {value}: segment[{i}]: {fact}',
    ),
  ],
  CV3: [
    ...at(
      'spec.conversion.conversionReviewVersions',
      'Required value',
      'Invalid value: {value}: must include at least one of v1, v1beta1',
    ),
    ...at('spec.conversion.conversionReviewVersions[{i}]', 'Invalid value: {value}: duplicate version'),
    ...label('spec.conversion.conversionReviewVersions[{i}]'),
  ],
  DC1: decode('strict decoding error: unknown field "{path}"{rest}'),
  DC2: decode(`${unmarshal}.type of type string`),
  DC3: ['exclusiveMinimum', 'exclusiveMaximum'].flatMap((key) => decode(`${unmarshal}.${key} of type bool`)),
  DC4: decode(`${unmarshal} of type int64`),
  DC6: decode('boolean or JSON schema expected'),
  DC10: [
    ...decode(`${unmarshal} of type {type}`),
    ...decode('{fact} expected'),
    ...decode('json: {fact}'),
    ...decode('illegal base64 data {rest}'),
  ],
  K1: at(
    '{node}.type',
    'Unsupported value: {value}: supported values: "array", "boolean", "integer", "number", "object", "string"',
    'Forbidden: type cannot be set to null, use nullable as an alternative',
  ),
  K2: [
    ...['id', '$ref', 'additionalItems', 'patternProperties', 'definitions', 'dependencies'].flatMap(unsupported),
    ...at('{schema}', 'Invalid value: "": OpenAPIV3Schema \'schema\' is not supported'),
  ],
  K3: at('{node}.items', 'Forbidden: items must be a schema object and not an array'),
  K4: at(
    '{node}.uniqueItems',
    'Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
  ),
  K5: at('{node}.additionalProperties', 'Forbidden: additionalProperties and properties are mutual exclusive'),
  K6: at('{schema}.nullable', 'Forbidden: nullable cannot be true at the root'),
  K7: at('{node}.x-kubernetes-preserve-unknown-fields', 'Invalid value: false: must be true or undefined'),
  K8: at(
    '{node}.default',
    'Forbidden: must not be set in top-level {field}',
    'Forbidden: must not be set inside additionalProperties applying to object metadata',
  ),
  K9: at('{node}.x-kubernetes-embedded-resource', 'Forbidden: must not be used inside of resource meta'),
  K10: at('{node}.pattern', "Invalid value: {value}: must be a valid regular expression, but isn't: {fact}"),
  ST1: at(
    '{node}.type',
    'Required value: must not be empty at the root',
    'Required value: must not be empty for specified array items',
    'Required value: must not be empty for specified object fields',
  ),
  ST2: [
    ...at('{schema}.type', 'Invalid value: {value}: must be object at the root'),
    ...at('{schema}.additionalProperties', 'Forbidden: must not be used at the root'),
  ],
  ST3: at('{node}.items', 'Required value: must be specified'),
  ST4: [
    ...branch(['type', 'title', 'description', 'x-kubernetes-list-map-keys', 'x-kubernetes-validations'], 'empty'),
    ...branch(['additionalProperties', 'default', 'x-kubernetes-list-type', 'x-kubernetes-map-type'], 'undefined'),
    ...branch(
      [
        'nullable',
        'x-kubernetes-preserve-unknown-fields',
        'x-kubernetes-embedded-resource',
        'x-kubernetes-int-or-string',
      ],
      'false',
    ),
  ],
  ST5: at('{node}.anyOf[{i}].type', 'Forbidden: must be empty to be structural'),
  ST6: at('{node}', 'Required value: because it is defined in {path}'),
  ST7: at('{node}.properties[metadata]', 'Forbidden: must not be specified in a nested context'),
  ST8: ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'].flatMap((key) =>
    at(`{node}.${key}`, 'Invalid value: true: must be false if x-kubernetes-int-or-string is true'),
  ),
  ST9: [
    ...at('{node}.type', 'Required value: must be object if x-kubernetes-embedded-resource is true'),
    ...at('{node}.type', 'Invalid value: {value}: must be object if x-kubernetes-embedded-resource is true'),
    ...at('{node}.additionalProperties', 'Forbidden: must not be used if x-kubernetes-embedded-resource is set'),
    ...at(
      '{node}.properties',
      'Required value: must not be empty if x-kubernetes-embedded-resource is true without {rest}',
    ),
  ],
  ST10: [
    ...at('{node}.properties[kind].type', 'Invalid value: {value}: must be string'),
    ...at('{node}.properties[apiVersion].type', 'Invalid value: {value}: must be string'),
    ...at('{node}.properties[metadata].type', 'Invalid value: {value}: must be object'),
    ...at(
      '{schema}.properties[metadata]',
      'Forbidden: must not specify anything other than name and generateName, {rest}',
    ),
  ],
  LM1: [
    ...at('{node}.x-kubernetes-list-type', 'Unsupported value: {value}: supported values: "atomic", "set", "map"'),
    ...at('{node}.x-kubernetes-map-type', 'Unsupported value: {value}: supported values: "atomic", "granular"'),
    ...['array if x-kubernetes-list-type', 'object if x-kubernetes-map-type'].flatMap((text) =>
      at(
        '{node}.type',
        `Required value: must be ${text} is specified`,
        `Invalid value: {value}: must be ${text} is specified`,
      ),
    ),
  ],
  LM2: [
    ...at('{node}.x-kubernetes-list-map-keys', 'Required value: must not be empty if x-kubernetes-list-type is map'),
    ...at(
      '{node}.x-kubernetes-list-type',
      'Required value: must be map if x-kubernetes-list-map-keys is non-empty',
      'Invalid value: {value}: must be map if x-kubernetes-list-map-keys is non-empty',
    ),
  ],
  LM3: [
    ...at(
      '{node}.x-kubernetes-list-map-keys',
      'Invalid value: {keys}: entries must all be names of item properties',
      'Invalid value: {keys}: must not contain duplicate entries',
    ),
    ...at('{node}.items', 'Required value: must have a schema if x-kubernetes-list-type is map'),
    ...at(
      '{node}.items.type',
      "Invalid value: {value}: must be object if parent array's x-kubernetes-list-type is map",
    ),
    ...at(
      '{node}.items.properties[{key}].type',
      "Invalid value: {value}: must be a scalar type if parent array's x-kubernetes-list-type is map",
    ),
  ],
  LM4: [
    ...at('{node}.items.nullable', 'Forbidden: cannot be nullable when x-kubernetes-list-type is map'),
    ...at(
      '{node}.items.properties[{key}].nullable',
      'Forbidden: this property is in x-kubernetes-list-map-keys, so it cannot be nullable',
    ),
    ...at(
      '{node}.items.properties[{key}].default',
      'Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
    ),
  ],
  LM5: [
    ...at('{node}.items.nullable', 'Forbidden: cannot be nullable when x-kubernetes-list-type is set'),
    ...['x-kubernetes-map-type', 'x-kubernetes-list-type'].flatMap((key) =>
      at(
        `{node}.items.${key}`,
        'Invalid value: {value}: must be atomic as item of a list with x-kubernetes-list-type=set',
      ),
    ),
  ],
  DF1: at('{node}.default', 'Invalid value: {value}: must not have unknown fields'),
  DF2: at('{node}.default{inside}', ...defaults, ...manyDefaults),
  DF3: [...at('{node}.default', `Invalid value: {value}: ${inMetadata}`), ...at('{node}.default{inside}', ...defaults)],
  DF6: at('{node}.default{inside}', ...defaults),
  CE1: celText('rule', 'Required value: rule is not specified'),
  CE2: celText(
    'message',
    'Invalid value: {value}: must be non-empty if specified',
    'Invalid value: {value}: must not contain line breaks',
  ),
  CE3: celText('message', 'Required value: message must be specified if rule contains line breaks'),
  CE4: celText('messageExpression', 'Required value: messageExpression must be non-empty if specified'),
  CE5: celText(
    'reason',
    'Unsupported value: {value}: supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"',
  ),
  CE6: celText(
    'fieldPath',
    'Invalid value: {value}: must be a valid path',
    'Invalid value: {value}: must be non-empty if specified',
    'Invalid value: {value}: must not contain line breaks',
  ),
  CE7: celText('optionalOldSelf', 'Invalid value: {value}: may not be set if oldSelf is not used in rule'),
} as const satisfies Readonly<Record<string, readonly Answer[]>>;
