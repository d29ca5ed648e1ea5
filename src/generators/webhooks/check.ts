import type { Diagnostic, Position } from '../../diagnostics.js';
import type { Json } from '../../ir/schema.js';
import { isObject, type JsonObject } from '../../json.js';
import type { WebhookValue } from '../../markers/defs/webhook.js';
import { isDnsSubdomain, isQualifiedName } from '../../text/dns.js';
import { clientFindings } from './client.js';
import { ruleFindings } from './rules.js';
import { selectorFindings } from './selectors.js';
import { type Misfit, misfits, webhookShape } from './shape.js';
import { type Built, words } from './webhook.js';

export interface Finding {
  /** Follows the name of the webhook. */
  readonly says: string;
  readonly hint: string;
}

/** What the API server would refuse in a webhook, and what of its marker would have no effect. */
export function checkWebhook(value: WebhookValue, { object, problem }: Built, at: Position): readonly Diagnostic[] {
  const findings = [
    ...patchFindings(problem),
    ...markerFindings(value),
    ...misfits(object, webhookShape(value.mutating), '').map((each) => misfitFinding(each, '')),
    ...checks.flatMap((check) => check(object)),
  ];
  return findings.map(({ says, hint }) => ({
    code: 'OG3011',
    severity: 'error',
    message: `The webhook \`${value.name}\` ${says}`,
    hint,
    at,
  }));
}

const misfitFinding = ({ path, type, hint }: Misfit, of: string): Finding => {
  if (type === undefined) return { says: `must have fields${of} that webhooks know, but \`${path}\` is none`, hint };
  return { says: `must have ${type.expected} in \`${path}\`${of}, but it is \`${type.got}\``, hint };
};

function patchFindings(problem: Built['problem']): readonly Finding[] {
  if (!problem) return [];
  if ('misfits' in problem) return problem.misfits.map((each) => misfitFinding(each, ' of its `patch`'));
  return [{ says: `must have a map in JSON for \`patch\`, but ${problem.fact}`, hint: problem.hint }];
}

function markerFindings(value: WebhookValue): readonly Finding[] {
  const { mutating, reinvocationPolicy, url, path, webhookVersions = ['v1'] } = value;
  const found: Finding[] = [];
  if (!mutating && reinvocationPolicy)
    found.push({
      says: 'must be mutating to have `reinvocationPolicy`, but it is validating',
      hint: 'remove `reinvocationPolicy`',
    });
  const ofService = (['serviceName', 'serviceNamespace', 'servicePort'] as const).filter(
    (name) => value[name] !== undefined,
  );
  if (url && !path && ofService.length > 0)
    found.push({
      says: `must have \`path\` for \`${ofService[0]}\` to have an effect, but it has \`url\``,
      hint: `remove \`${ofService.join('`, `')}\``,
    });
  if (url && path)
    found.push({ says: 'must have either `path` or `url`, but it has both', hint: 'remove one of them' });
  for (const version of webhookVersions.filter((each) => each !== 'v1'))
    found.push({
      says: `must have \`v1\` for \`webhookVersions\`, but one is \`${version}\``,
      hint: 'remove `webhookVersions`',
    });
  return found;
}

type Check = (webhook: JsonObject) => readonly Finding[];

const named: Check = ({ name }) => {
  if (typeof name === 'string' && isDnsSubdomain(name) && name.split('.').length >= 3) return [];
  return [
    {
      says: 'must have a name of three or more parts in lower case with dots between them, but it has not',
      hint: 'write it as in `name=vmemcached-v1.kb.io`',
    },
  ];
};

/** The arguments that are one of some words; `needed`: one of them. */
const wordOf =
  (key: 'failurePolicy' | 'matchPolicy' | 'sideEffects' | 'reinvocationPolicy', needed = false): Check =>
  ({ [key]: value }) => {
    const known: readonly string[] = words[key];
    if (value === undefined ? !needed : known.includes(String(value))) return [];
    const choice = known.map((word) => `\`${word}\``).join(' or ');
    const fact = value === undefined ? 'it has none' : `it is \`${String(value)}\``;
    return [{ says: `must have ${choice} for \`${key}\`, but ${fact}`, hint: `write \`${key}=${known[0]}\`` }];
  };

const timeout: Check = ({ timeoutSeconds: seconds }) =>
  typeof seconds === 'number' && (seconds < 1 || seconds > 30)
    ? [
        {
          says: `must have between 1 and 30 for \`timeoutSeconds\`, but it is \`${seconds}\``,
          hint: 'remove it for 10 seconds',
        },
      ]
    : [];

const reviewVersions: Check = ({ admissionReviewVersions: versions }) => {
  const list = (Array.isArray(versions) ? versions : []).map(String);
  const unknown = list.filter((version) => version !== 'v1' && version !== 'v1beta1');
  const fact = !list.includes('v1')
    ? `it has ${list.length === 0 ? 'none' : `\`${list.join('`, `')}\``}`
    : unknown.length > 0
      ? `\`${unknown[0]}\` is not known`
      : new Set(list).size < list.length
        ? 'one is there twice'
        : undefined;
  return fact === undefined
    ? []
    : [
        {
          says: `must have \`v1\`, and \`v1beta1\` at most beside it, for \`admissionReviewVersions\`, but ${fact}`,
          hint: 'write `admissionReviewVersions=v1`',
        },
      ];
};

const mostConditions = 64;

const matchConditions: Check = ({ matchConditions: conditions }) => {
  const list = (Array.isArray(conditions) ? conditions : []).filter(isObject);
  const names = list.map(({ name }) => name);
  const found = list.flatMap((condition, index) => conditionFindings(condition, names.indexOf(condition.name) < index));
  return list.length <= mostConditions
    ? found
    : [
        ...found,
        {
          says: `must have at most ${mostConditions} \`matchConditions\`, but it has ${list.length}`,
          hint: 'join some of them with `&&`',
        },
      ];
};

function conditionFindings({ name, expression }: JsonObject, isTwice: boolean): readonly Finding[] {
  const found: Finding[] = [];
  const text = (value: Json | undefined) => (value === undefined ? 'one has none' : `one has \`${String(value)}\``);
  if (typeof name !== 'string' || !isQualifiedName(name))
    found.push({
      says: `must have \`matchConditions\` with names such as \`not-a-lease\`, but ${text(name)}`,
      hint: 'use at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends',
    });
  else if (isTwice)
    found.push({
      says: `must have \`matchConditions\` with different names, but \`${name}\` is there twice`,
      hint: 'rename or remove one of them',
    });
  if (typeof expression !== 'string' || expression.trim() === '')
    found.push({
      says: 'must have `matchConditions` with an `expression` in CEL, but one has none',
      hint: 'write it as in `expression: "request.operation != \'DELETE\'"`',
    });
  return found;
}

const checks: readonly Check[] = [
  named,
  ({ clientConfig }) => clientFindings(clientConfig),
  ({ rules }) => ruleFindings(rules),
  wordOf('failurePolicy'),
  wordOf('matchPolicy'),
  wordOf('sideEffects', true),
  wordOf('reinvocationPolicy'),
  timeout,
  reviewVersions,
  ({ namespaceSelector }) => selectorFindings(namespaceSelector, 'namespaceSelector'),
  ({ objectSelector }) => selectorFindings(objectSelector, 'objectSelector'),
  matchConditions,
];
