import type { Json } from '../../ir/schema.js';
import { isObject, type JsonObject } from '../../json.js';
import type { Finding } from './check.js';
import { words } from './webhook.js';

/** What the API server would refuse in the rules of a webhook, and what no request would match. */
export function ruleFindings(rules: Json | undefined): readonly Finding[] {
  const list = Array.isArray(rules) ? rules.filter(isObject) : [];
  if (list.length === 0)
    return [
      { says: 'must have a rule, but it has none, so that it is never called', hint: 'name groups and resources' },
    ];
  return list.flatMap((rule: JsonObject) => [
    ...operationFindings(texts(rule.operations)),
    ...listFindings('groups', texts(rule.apiGroups), (group) => group !== '' && !isName(group)),
    ...listFindings('versions', texts(rule.apiVersions), (version) => !isName(version)),
    ...resourceFindings(texts(rule.resources)),
    ...scopeFindings(rule.scope),
  ]);
}

const texts = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

const isName = (text: string): boolean => /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text);

function operationFindings(operations: readonly string[]): readonly Finding[] {
  const known: readonly string[] = words.operations;
  return [
    ...alone('verbs', operations),
    ...operations
      .filter((each) => !known.includes(each))
      .map((each) => ({
        says: `must have operations for \`verbs\`, but \`${each}\` is none`,
        hint: 'write some of `create;update;delete;connect`, or `*`',
      })),
  ];
}

/** A list with an entry, in which `*` stands alone. */
function alone(name: string, list: readonly string[]): readonly Finding[] {
  if (list.length === 0)
    return [{ says: `must have \`${name}\`, but the list is empty`, hint: `write \`${name}=*\` for all of them` }];
  return list.length > 1 && list.includes('*')
    ? [{ says: `must have \`*\` alone in \`${name}\`, but there are others`, hint: `write \`${name}=*\`` }]
    : [];
}

function listFindings(name: string, list: readonly string[], isWrong: (text: string) => boolean): readonly Finding[] {
  const wrong = list.filter((each) => each !== '*' && isWrong(each));
  return [
    ...alone(name, list),
    ...wrong.map((each) => ({
      says: `must have names in lower case or \`*\` for \`${name}\`, but \`${each}\` is neither`,
      hint: name === 'groups' && each.includes('/') ? `write \`${each.split('/')[0]}\`` : 'correct or remove it',
    })),
  ];
}

/** `*`: all resources; `x/*`: all subresources of x; `*` with `/x`: that subresource of all; both: everything. */
function resourceFindings(resources: readonly string[]): readonly Finding[] {
  if (resources.length === 0) return alone('resources', resources);
  const wrong = resources.filter(
    (each) => !each.split('/').every((part) => part === '*' || isName(part)) || each.split('/').length > 2,
  );
  const found: Finding[] = wrong.map((each) => ({
    says: `must have plurals in lower case for \`resources\`, with a subresource at most, but \`${each}\` is none`,
    hint: 'write it as in `deployments`, `deployments/scale`, `deployments/*` or `*`',
  }));
  const included = resources.flatMap((each, index) => {
    const wide = resources.find((other, place) => place !== index && includes(other, each));
    return wide === undefined ? [] : [{ each, wide }];
  });
  return [
    ...found,
    ...included.map(({ each, wide }) => ({
      says: `must name each of its \`resources\` once, but \`${wide}\` includes \`${each}\``,
      hint: `remove \`${each}\``,
    })),
  ];
}

function includes(wide: string, resource: string): boolean {
  const [name, subresource] = resource.split('/');
  const [wideName, wideSubresource] = wide.split('/');
  if (wide === resource) return false;
  if (wide === '*/*') return true;
  if (wide === '*') return subresource === undefined;
  if (wideSubresource === undefined || subresource === undefined) return false;
  return (wideName === '*' && wideSubresource === subresource) || (wideSubresource === '*' && wideName === name);
}

function scopeFindings(scope: Json | undefined): readonly Finding[] {
  const known: readonly string[] = words.scope;
  return scope === undefined || known.includes(String(scope))
    ? []
    : [
        {
          says: `must have \`Cluster\`, \`Namespaced\` or \`*\` for \`scope\`, but it is \`${String(scope)}\``,
          hint: 'remove it for objects of both kinds',
        },
      ];
}
