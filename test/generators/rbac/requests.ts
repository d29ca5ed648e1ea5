import type { PolicyRule } from '../../../src/generators/rbac/rules.js';

/** A question to an authorizer: a verb on a resource, or on a URL. */
export type Request =
  | { readonly group: string; readonly resource: string; readonly name: string; readonly verb: string }
  | { readonly url: string; readonly verb: string };

/** Whether the rules allow the request, by the words of the documentation of RBAC. */
export const allows = (rules: readonly PolicyRule[], request: Request): boolean =>
  rules.some(
    (rule) => has(rule.verbs, request.verb) && (isUrl(request) ? coversUrl(rule, request.url) : covers(rule, request)),
  );

const isUrl = (request: Request): request is Extract<Request, { url: string }> => 'url' in request;
const has = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(value));

function coversUrl(rule: PolicyRule, url: string): boolean {
  return (rule.nonResourceURLs ?? []).some((each) =>
    each.endsWith('*') ? url.startsWith(each.replace(/\*+$/, '')) : each === url,
  );
}

function covers(rule: PolicyRule, { group, resource, name }: Exclude<Request, { url: string }>): boolean {
  const [, subresource] = resource.split('/');
  const named = has(rule.resources, resource) || (subresource !== undefined && has(rule.resources, `*/${subresource}`));
  const restricted = (rule.resourceNames ?? []).length > 0;
  return has(rule.apiGroups, group) && named && (!restricted || rule.resourceNames!.includes(name));
}

export interface Universe {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly names: readonly string[];
  readonly urls: readonly string[];
  readonly verbs: readonly string[];
}

/** Every request that the parts make. */
export function requestsOf({ groups, resources, names, urls, verbs }: Universe): readonly Request[] {
  return verbs.flatMap((verb) => [
    ...groups.flatMap((group) =>
      resources.flatMap((resource) => names.map((name) => ({ group, resource, name, verb }))),
    ),
    ...urls.map((url) => ({ url, verb })),
  ]);
}
