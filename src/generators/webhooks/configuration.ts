import type { Diagnostic, Position } from '../../diagnostics.js';
import type { Json } from '../../ir/schema.js';
import { isObject, type JsonObject } from '../../json.js';
import type { WebhookConfigurationValue } from '../../markers/defs/webhook.js';
import { isDnsSubdomain } from '../../text/dns.js';
import { byCodeUnit } from '../shared/order.js';

/** A webhook and the marker that it comes from. */
export interface Webhook {
  readonly mutating: boolean;
  readonly object: JsonObject;
  readonly at: Position;
}

/** A marker with the name of a configuration. */
export interface Naming {
  readonly value: WebhookConfigurationValue;
  readonly at: Position;
}

const kinds = [
  { mutating: true, kind: 'MutatingWebhookConfiguration', name: 'mutating-webhook-configuration' },
  { mutating: false, kind: 'ValidatingWebhookConfiguration', name: 'validating-webhook-configuration' },
] as const;

const adjective = (mutating: boolean): string => (mutating ? 'mutating' : 'validating');

/** The configurations that have webhooks, the mutating one first; webhooks are sorted by name. */
export function configurations(webhooks: readonly Webhook[], namings: readonly Naming[]): readonly object[] {
  return kinds.flatMap(({ mutating, kind, name }) => {
    const own = webhooks.filter((webhook) => webhook.mutating === mutating).map(({ object }) => object);
    const named = namings.find(({ value }) => value.mutating === mutating)?.value.name;
    if (own.length === 0) return [];
    return {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind,
      metadata: { name: named || name },
      webhooks: [...own].sort((a, b) => byCodeUnit(String(a.name), String(b.name))).map((each) => tidy(each, '')),
    };
  });
}

/** An empty list or map says nothing, except that an empty selector selects everything, and that review versions have to be there. */
function tidy(value: Json, key: string): Json {
  if (Array.isArray(value)) return value.map((each: Json) => tidy(each, ''));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, each]): [string, Json] => [name, tidy(each, name)]);
  return Object.fromEntries(
    entries.filter(
      ([name, each]) => !droppable.has(name) || key === 'matchLabels' || Object.keys(each ?? {}).length > 0,
    ),
  );
}

const droppable: ReadonlySet<string> = new Set([
  'matchLabels',
  'matchExpressions',
  'values',
  'matchConditions',
  'rules',
]);

/** Names that two webhooks of one configuration have. */
export function duplicates(webhooks: readonly Webhook[]): readonly Diagnostic[] {
  return webhooks.flatMap(({ mutating, object, at }, index): readonly Diagnostic[] => {
    const first = webhooks.find((other) => other.mutating === mutating && other.object.name === object.name)!;
    if (webhooks.indexOf(first) === index) return [];
    const place = `${first.at.file}:${first.at.line}`;
    const message = `The ${adjective(mutating)} webhooks must have different names, but \`${String(object.name)}\` is the name of one in ${place} too`;
    return [{ code: 'OG3011', severity: 'error', at, message, hint: 'rename or remove one of them' }];
  });
}

/** Names that are none, that stand twice, or that have no configuration. */
export function namingDiagnostics(namings: readonly Naming[], webhooks: readonly Webhook[]): readonly Diagnostic[] {
  return namings.flatMap(({ value: { mutating, name }, at }, index): readonly Diagnostic[] => {
    const first = namings.findIndex(({ value }) => value.mutating === mutating);
    const own = adjective(mutating);
    if (first !== index) {
      const place = `${namings[first]!.at.file}:${namings[first]!.at.line}`;
      const message = `The name of the ${own} configuration must stand once, but it stands in ${place} too`;
      return [{ code: 'OG2005', severity: 'error', at, message, hint: 'remove one of them' }];
    }
    if (name && !isDnsSubdomain(name)) {
      const message = `A webhook configuration must have a name of lower case letters, digits, \`-\` and \`.\`, but this one has \`${name}\``;
      return [{ code: 'OG3011', severity: 'error', at, message, hint: 'write it as in `name=cache-defaults`' }];
    }
    if (!webhooks.some((webhook) => webhook.mutating === mutating)) {
      const message = `The ${own} configuration must have webhooks for its name to have an effect, but there are none`;
      return [{ code: 'OG2004', severity: 'warning', at, message, hint: 'remove the marker' }];
    }
    return [];
  });
}
