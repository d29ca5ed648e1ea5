import type { Json } from '../ir/schema.js';
import type { JsonObject } from '../json.js';
import { isObject, listAt, memberAt, objectAt, show, stringAt } from '../json.js';
import { isDns1035Label, isDnsSubdomain } from '../text/dns.js';
import { answers } from './answers.js';
import type { CrdRule, Finding, Path } from './rule.js';
import { below, nothing } from './rule.js';

const place = below(undefined, 'spec', 'conversion');
const webhookPath = below(place, 'webhook');
const configPath = below(webhookPath, 'clientConfig');
const versionsPath = below(webhookPath, 'conversionReviewVersions');

const conversionOf = (crd: JsonObject): JsonObject | undefined => objectAt(memberAt(crd, 'spec'), 'conversion');

/** The conversion if its strategy is `Webhook`. */
function webhookOf(crd: JsonObject): JsonObject | undefined {
  const conversion = conversionOf(crd);
  return conversion?.strategy === 'Webhook' ? (objectAt(conversion, 'webhook') ?? {}) : undefined;
}

export const conversionRules: readonly CrdRule[] = [
  {
    id: 'CV1',
    claim: 'The strategy of a conversion is `None`, or `Webhook` with a webhook',
    hint: 'write strategy: Webhook, or remove spec.conversion',
    server: answers.CV1,
    check(crd) {
      const conversion = conversionOf(crd);
      if (!conversion) return nothing;
      const { strategy } = conversion;
      if (strategy === 'Webhook') return nothing;
      const unknown = strategy === 'None' ? [] : [{ path: below(place, 'strategy'), detail: `is ${show(strategy)}` }];
      return [...unknown, ...strayWebhook(objectAt(conversion, 'webhook'))];
    },
  },
  {
    id: 'CV2',
    claim: 'A conversion webhook is reached by an https URL or a service, not both',
    hint: 'write webhook.clientConfig.service with name, namespace and path',
    server: answers.CV2,
    check(crd) {
      const webhook = webhookOf(crd);
      if (!webhook) return nothing;
      const config = objectAt(webhook, 'clientConfig');
      if (!config) return [{ path: configPath, detail: 'is missing' }];
      const { url = null, service = null } = config;
      if ((url === null) === (service === null))
        return [{ path: configPath, detail: url === null ? 'has neither' : 'has both' }];
      return typeof url === 'string' ? urlFindings(url) : serviceFindings(service);
    },
  },
  {
    id: 'CV3',
    claim: 'A conversion webhook names the review versions that it understands, with v1 or v1beta1 among them',
    hint: 'write webhook.conversionReviewVersions: [v1]',
    server: answers.CV3,
    check(crd) {
      const webhook = webhookOf(crd);
      return webhook ? reviewFindings(listAt(webhook, 'conversionReviewVersions')) : nothing;
    },
  },
];

function strayWebhook(webhook: JsonObject | undefined): readonly Finding[] {
  if (!webhook) return nothing;
  const detail = 'is set without the strategy `Webhook`';
  return [
    ...(objectAt(webhook, 'clientConfig') ? [{ path: configPath, detail }] : []),
    ...(listAt(webhook, 'conversionReviewVersions').length > 0 ? [{ path: versionsPath, detail }] : []),
  ];
}

function urlFindings(text: string): readonly Finding[] {
  const path = below(configPath, 'url');
  const parts = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/.exec(text);
  const [, scheme, authority = '', query, fragment] = parts ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (!isParsable(text, host)) return [{ path, detail: `is ${show(text)}, which is no URL` }];
  const facts = [
    [scheme?.toLowerCase() !== 'https', 'which does not start with https://'],
    [host === '', 'which names no host'],
    [authority.includes('@'), 'which names a user'],
    [Boolean(fragment), 'which has a fragment'],
    [Boolean(query), 'which has a query'],
  ] as const;
  return facts.flatMap(([fails, fact]) => (fails ? [{ path, detail: `is ${show(text)}, ${fact}` }] : []));
}

/** No control characters, whole escapes, and a host of the characters that Go takes, with a port of digits. */
function isParsable(text: string, host: string): boolean {
  const characters = /^[^\p{Cc}]*$/u.test(text) && !/%(?![\dA-Fa-f]{2})/.test(text);
  return characters && /^(?:\[[^\]]*\]|[^\s\\^`{|}%:[\]]*)(?::\d*)?$/.test(host);
}

/** The server blames `name` for a missing namespace and the other way round. */
function serviceFindings(service: Json): readonly Finding[] {
  const path = below(configPath, 'service');
  const missing = (
    [
      ['name', 'namespace'],
      ['namespace', 'name'],
    ] as const
  ).flatMap(([key, other]) =>
    stringAt(service, key) ? [] : [{ path: below(path, key), detail: 'is missing', blamed: below(path, other) }],
  );
  const port = isObject(service) ? (service.port ?? 443) : 443;
  const fits = typeof port === 'number' && port >= 1 && port <= 65535;
  return [
    ...missing,
    ...(fits ? [] : [{ path: below(path, 'port'), detail: `is ${show(port)}` }]),
    ...pathFindings(stringAt(service, 'path') ?? '', below(path, 'path')),
  ];
}

function pathFindings(text: string, path: Path): readonly Finding[] {
  if (text === '' || text === '/') return nothing;
  const segments = text === '//' ? [''] : text.slice(1).replace(/\/$/, '').split('/');
  const odd = segments.filter((segment) => !isDnsSubdomain(segment));
  const slash = text.startsWith('/') ? [] : ['which does not start with a slash'];
  const facts = [...slash, ...odd.map((segment) => `whose segment ${show(segment)} is no DNS subdomain`)];
  return facts.map((fact) => ({ path, detail: `is ${show(text)}, ${fact}` }));
}

function reviewFindings(versions: readonly Json[]): readonly Finding[] {
  if (versions.length === 0) return [{ path: versionsPath, detail: 'is empty' }];
  const findings = versions.flatMap((version, index): readonly Finding[] => {
    const path = below(versionsPath, index);
    if (versions.indexOf(version) < index) return [{ path, detail: `is ${show(version)} again` }];
    return typeof version !== 'string' || isDns1035Label(version) ? [] : [{ path, detail: `is ${show(version)}` }];
  });
  const known = versions.includes('v1') || versions.includes('v1beta1');
  return known ? findings : [...findings, { path: versionsPath, detail: `is ${show(versions)}` }];
}
