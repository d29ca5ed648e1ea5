import { arg, defineMarker, type RecordOf } from '../define.js';

const texts = () => arg.list(arg.string());
const text = () => arg.optional(arg.string());
const tree = () => arg.optional(arg.any());

const fields = {
  mutating: arg.boolean(),
  failurePolicy: arg.string(),
  groups: texts(),
  resources: texts(),
  verbs: texts(),
  versions: texts(),
  name: arg.string(),
  path: text(),
  url: text(),
  matchPolicy: text(),
  sideEffects: text(),
  timeoutSeconds: arg.optional(arg.integer()),
  admissionReviewVersions: texts(),
  serviceName: text(),
  serviceNamespace: text(),
  servicePort: arg.optional(arg.integer()),
  webhookVersions: arg.optional(texts()),
  reinvocationPolicy: text(),
  scope: text(),
  namespaceSelector: tree(),
  objectSelector: tree(),
  matchConditions: tree(),
  patch: text(),
};

export type WebhookValue = RecordOf<typeof fields>;

/** One webhook as it was written: words in any case, the core group `core` or empty, the patch as text. */
export const webhook = defineMarker<WebhookValue>({
  name: 'kubebuilder:webhook',
  targets: ['package'],
  repeatable: true,
  args: arg.record(fields),
  summary:
    'A webhook of the operator, in the MutatingWebhookConfiguration or the ValidatingWebhookConfiguration; it may stand in any comment of the sources. ' +
    'Selectors are maps as in `namespaceSelector={matchLabels: {team: cache}}`, conditions a list as in ' +
    '`matchConditions={{name: "not-system", expression: "request.userInfo.username != \'admin\'"}}`; `scope` is `Cluster`, `Namespaced` or `*`; ' +
    '`patch` is a strategic merge patch in JSON, which is applied last.',
  example:
    '+kubebuilder:webhook:path=/validate-cache-example-com-v1-memcached,mutating=false,failurePolicy=fail,sideEffects=None,groups=cache.example.com,resources=memcacheds,verbs=create;update,versions=v1,name=vmemcached-v1.kb.io,admissionReviewVersions=v1',
});

const configurationFields = { mutating: arg.boolean(), name: text() };

export type WebhookConfigurationValue = RecordOf<typeof configurationFields>;

export const webhookConfiguration = defineMarker<WebhookConfigurationValue>({
  name: 'kubebuilder:webhookconfiguration',
  targets: ['package'],
  repeatable: true,
  args: arg.record(configurationFields),
  summary:
    'The name of the MutatingWebhookConfiguration or of the ValidatingWebhookConfiguration, once for each; otherwise ' +
    '`mutating-webhook-configuration` and `validating-webhook-configuration`.',
  example: '+kubebuilder:webhookconfiguration:mutating=true,name=cache-defaults',
});

export const webhookMarkers = [webhook, webhookConfiguration] as const;
