import type { Diagnostic, Position } from '../../diagnostics.js';
import { quotedList } from '../../markers/define.js';
import { nearest } from '../../nearest.js';
import type { Project } from '../../project/model.js';
import type { Rule } from './roles.js';
import type { ScopeOf } from './scope.js';
import { type Flaw, groupFlaw, nameFlaw, resourceFlaw, urlFlaw, verbFlaw } from './values.js';

/** What a rule is checked against. */
export interface Surroundings {
  readonly project?: Project;
  readonly isClusterWide: ScopeOf;
}

interface Finding {
  /** Follows "An RBAC rule". */
  readonly says: string;
  readonly hint: string;
  readonly severity?: 'warning';
}

type Check = (rule: Rule, around: Surroundings) => readonly Finding[];

/** What the API server would refuse in a rule, what it would never match a request with, and what it matches otherwise than it reads. */
export function checkRule(rule: Rule, at: Position, around: Surroundings): readonly Diagnostic[] {
  const findings = checks.flatMap((check) => check(rule, around));
  return findings.map(({ says, hint, severity }): Diagnostic => {
    return { code: 'OG3009', severity: severity ?? 'error', message: `An RBAC rule ${says}`, hint, at };
  });
}

const given = (list: readonly string[] | undefined): readonly string[] => list ?? [];
const parts: Check = ({ groups, resources, resourceNames, urls, verbs }) => {
  const forResources = [...given(groups), ...given(resources), ...given(resourceNames)];
  const found: Finding[] = [];
  if (verbs.length === 0)
    found.push({ says: 'needs verbs, but this one has none', hint: 'add `verbs=get;list;watch`' });
  if (given(urls).length > 0 && forResources.length > 0)
    found.push({ says: 'is about either resources or URLs, but this one has both', hint: 'write two markers' });
  if (given(urls).length === 0 && given(resources).length === 0)
    found.push({
      says: 'needs resources or URLs, but this one has neither',
      hint: 'add `groups=apps,resources=deployments`',
    });
  if (given(resources).length > 0 && given(groups).length === 0)
    found.push({
      says: 'needs an API group for its resources, but this one has none',
      hint: 'add `groups=core` or another group',
    });
  return found;
};

const emptyNames: Check = ({ resourceNames }) =>
  resourceNames?.length === 0
    ? [
        {
          says: 'must list names in `resourceNames`, but the list is empty, which stands for all objects',
          hint: 'name the objects, or remove `resourceNames`',
        },
      ]
    : [];

const each =
  (list: 'groups' | 'resources' | 'resourceNames' | 'urls' | 'verbs', rule: string, flaw: Flaw): Check =>
  (marker) =>
    [...new Set(given(marker[list]))].flatMap((value) => {
      const found = flaw(value);
      return found ? [{ says: `must ${rule}, but ${found.fact}`, hint: found.hint }] : [];
    });

const place: Check = ({ namespace = '', urls }, { project }) => {
  if (namespace === '') return [];
  if (given(urls).length > 0)
    return [
      {
        says: `about URLs belongs to the whole cluster, but this one belongs to the namespace \`${namespace}\``,
        hint: 'remove `namespace=…`',
      },
    ];
  if (namespace.length > 63 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(namespace))
    return [
      {
        says: `must name a namespace in lower case letters, digits and hyphens, but this one has \`${namespace}\``,
        hint: 'write it as in `namespace=my-system`',
      },
    ];
  if (!project || namespace === 'system') return [];
  return [
    {
      says: `of a project belongs to the namespace of the operator or to the cluster, but this one belongs to \`${namespace}\`, from where config/default would move it`,
      hint: `write \`namespace=system\` for \`${project.name}-system\` or \`namespace=""\` for the whole cluster, or bind a role of your own in \`${namespace}\``,
    },
  ];
};

/** A Role grants nothing of what has no namespace. */
const scope: Check = ({ groups, resources, namespace = '', verbs }, { isClusterWide }) => {
  const lost = given(groups).flatMap((group) =>
    given(resources).filter((resource) => isClusterWide(group, resource, verbs)),
  );
  if (namespace === '' || lost.length === 0) return [];
  return [
    {
      says: `with a namespace must be about objects in namespaces, but ${quotedList([...new Set(lost)])} ${lost.length > 1 ? 'belong' : 'belongs'} to the cluster`,
      hint: 'write a marker of their own, with `namespace=""`',
    },
  ];
};

const roleName: Check = ({ roleName: name }) =>
  name !== undefined && (name === '.' || name === '..' || /[/%\s]|^$/.test(name))
    ? [
        {
          says: `must name a role without \`/\`, \`%\` and spaces, but this one has \`${name}\``,
          hint: 'write it as in `roleName=leader-role`',
        },
      ]
    : [];

/** The name of an object that is created, or of each that is deleted with the others, is no part of the request. */
const namesWithoutEffect: Check = ({ resources, resourceNames, verbs }) => {
  const isCreated = given(resources).some((resource) => !resource.includes('/'));
  const lost = verbs.filter((verb) => verb === 'deletecollection' || (verb === 'create' && isCreated));
  const half = verbs.filter((verb) => verb === 'list' || verb === 'watch');
  if (given(resourceNames).length === 0) return [];
  return [
    ...(lost.length > 0
      ? [
          {
            says: `with \`resourceNames\` must have verbs whose requests name an object, but ${quotedList(lost)} is never allowed by it`,
            hint: `write a marker of its own for ${quotedList(lost)}, without \`resourceNames\``,
            severity: 'warning' as const,
          },
        ]
      : []),
    ...(half.length > 0
      ? [
          {
            says: `with \`resourceNames\` must have verbs whose requests name an object, but ${quotedList(half)} is allowed only together with the field selector \`metadata.name\``,
            hint: `write a marker of its own for ${quotedList(half)}, without \`resourceNames\`, or select by \`metadata.name\``,
            severity: 'warning' as const,
          },
        ]
      : []),
  ];
};

const verbsOfUrls: Readonly<Record<string, string>> = {
  list: 'get',
  watch: 'get',
  create: 'post',
  update: 'put',
  deletecollection: 'delete',
};

const urlVerbs: Check = ({ urls, verbs }) =>
  given(urls).length === 0
    ? []
    : verbs
        .filter((verb) => Object.hasOwn(verbsOfUrls, verb))
        .map((verb) => ({
          says: `about URLs must have methods of HTTP for verbs, but \`${verb}\` is none`,
          hint: `write \`${verbsOfUrls[verb]}\``,
          severity: 'warning' as const,
        }));

const usualVerbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
/** Near to a usual verb, and meant. */
const otherVerbs = ['head', 'put', 'post', 'use', 'bind', 'sign', 'attest', 'request'];

const slips: Check = ({ verbs }) =>
  verbs.flatMap((verb) => {
    const isMeant = [...usualVerbs, ...otherVerbs].includes(verb) || verbFlaw(verb) !== undefined;
    const meant = isMeant ? undefined : nearest(verb, usualVerbs);
    return meant === undefined
      ? []
      : [
          {
            says: `must have verbs, but \`${verb}\` is not a usual one`,
            hint: `did you mean \`${meant}\`?`,
            severity: 'warning' as const,
          },
        ];
  });

const checks: readonly Check[] = [
  parts,
  emptyNames,
  each('verbs', 'have verbs in lower case, or `*`', verbFlaw),
  each('groups', 'have API groups, or `*`', groupFlaw),
  each('resources', 'have plurals of resources, with a subresource at most, or `*`', resourceFlaw),
  each('resourceNames', 'have names of objects', nameFlaw),
  each('urls', 'have paths of URLs, with a wildcard at the end at most', urlFlaw),
  place,
  scope,
  roleName,
  namesWithoutEffect,
  urlVerbs,
  slips,
];
