import type { Diagnostic } from '../../diagnostics.js';
import { checkControllerName, checkGroup, checkKind, checkVersion } from '../../project/names.js';
import type { Package } from '../../scaffold/external.js';
import { defaultPort, type Image } from '../../scaffold/image.js';
import { type Flag, type FlagValues, flagName } from '../command.js';

export const kindFlag: Flag = {
  name: 'kind',
  type: 'string',
  value: '<kind>',
  completes: 'kinds',
  summary: 'name of the kind, in CamelCase',
  prompt: 'Kind:',
  check: checkKind,
};
export const groupFlag: Flag = {
  name: 'group',
  type: 'string',
  value: '<group>',
  completes: 'groups',
  summary: 'API group in front of the domain; none: the group is the domain itself',
  prompt: 'Group (empty: the domain alone):',
};
export const versionFlag: Flag = {
  name: 'version',
  type: 'string',
  value: '<version>',
  completes: 'versions',
  summary: 'version of the API, such as v1alpha1 (default) or v1',
  prompt: 'Version:',
  check: checkVersion,
};

/** Flags beside those of the kind, in the order of the help. */
export const partFlags: readonly Flag[] = [
  {
    name: 'resource',
    type: 'boolean',
    summary:
      'write the types of the kind (default); --no-resource: they exist, here, in Kubernetes or in another project',
  },
  { name: 'controller', type: 'boolean', summary: 'write a controller with its test (default)' },
  {
    name: 'controllerName',
    type: 'string',
    value: '<name>',
    summary: 'name of the controller (the kind in lower case); needed for a second one of the same kind',
  },
  {
    name: 'image',
    type: 'string',
    value: '<image>',
    summary: 'the controller runs this image for each object, as a Deployment with a Service',
  },
  {
    name: 'imageContainerCommand',
    type: 'string',
    value: '<words>',
    summary: 'command of the container, with commas between the words (that of the image)',
  },
  {
    name: 'imageContainerPort',
    type: 'number',
    value: '<port>',
    summary: `port that the container listens on (${defaultPort})`,
  },
  { name: 'runAsUser', type: 'number', value: '<uid>', summary: 'user id of the container (that of the image)' },
  {
    name: 'externalApiPath',
    type: 'string',
    value: '<module>',
    summary: 'module that exports the type of a kind of another project, under the name of the kind',
  },
  {
    name: 'externalApiDomain',
    type: 'string',
    value: '<domain>',
    summary: 'domain of a kind of another project, in place of that of this project',
  },
  {
    name: 'externalApiModule',
    type: 'string',
    value: '<package>',
    summary: 'package of --external-api-path for package.json, such as @acme/types@^1.2.0',
  },
];

const externalFlags = ['externalApiPath', 'externalApiDomain', 'externalApiModule'] as const;
const imageFlags = ['imageContainerCommand', 'imageContainerPort', 'runAsUser'] as const;

export const isExternal = (flags: FlagValues): boolean => externalFlags.some((name) => flags[name] !== undefined);

/** What is wrong with the flags, whatever the project has. */
export function checkFlags(flags: FlagValues): readonly Diagnostic[] {
  const found = [...contradictions(flags), ...values(flags)];
  const flaw = typeof flags.controllerName === 'string' ? checkControllerName(flags.controllerName) : undefined;
  return flaw ? [...found, flaw] : found;
}

function contradictions(flags: FlagValues): readonly Diagnostic[] {
  const given = (names: readonly string[]) => names.filter((name) => flags[name] !== undefined);
  const both = (one: string, other: string, hint: string): Diagnostic =>
    misuse(`\`${one}\` and \`${other}\` contradict each other`, 'both are given', hint);
  const [external] = given(externalFlags);
  const [detail] = given(imageFlags);
  return [
    ...(flags.resource === false && flags.controller === false
      ? [
          misuse(
            '`create api` must have something to write',
            'neither types nor a controller is wanted',
            'drop `--no-controller`',
          ),
        ]
      : []),
    ...(external && flags.resource === true
      ? [both('--resource', name(external), 'drop `--resource`: the types of an external kind are not written here')]
      : []),
    ...(flags.externalApiModule !== undefined && flags.externalApiPath === undefined
      ? [
          misuse(
            '`--external-api-module` needs `--external-api-path`',
            'it is not given',
            'add `--external-api-path MODULE`, the module that exports the type',
          ),
        ]
      : []),
    ...(flags.controllerName !== undefined && flags.controller === false
      ? [both('--controller-name', '--no-controller', 'drop `--no-controller`')]
      : []),
    ...(detail && flags.image === undefined
      ? [misuse(`\`${name(detail)}\` needs \`--image\``, 'it is not given', 'add `--image IMAGE`')]
      : []),
    ...(flags.image === undefined ? [] : imageContradictions(flags, both)),
  ];
}

function imageContradictions(
  flags: FlagValues,
  both: (one: string, other: string, hint: string) => Diagnostic,
): readonly Diagnostic[] {
  const drop = (flag: string) => both('--image', flag, `drop \`${flag}\``);
  return [
    ...(flags.resource === false || isExternal(flags)
      ? [drop(isExternal(flags) ? '--external-api-…' : '--no-resource')]
      : []),
    ...(flags.controller === false ? [drop('--no-controller')] : []),
    ...(flags.namespaced === false ? [drop('--no-namespaced')] : []),
  ];
}

function values(flags: FlagValues): readonly Diagnostic[] {
  const rules: readonly [flag: string, rule: string, example: string, isValid: (value: string) => boolean][] = [
    ['image', 'must be the name of an image', 'memcached:1.6.26', isImage],
    [
      'imageContainerCommand',
      'must be words with commas between them',
      'memcached,-m=64',
      (text) => words(text).length > 0,
    ],
    [
      'imageContainerPort',
      'must be a port from 1 to 65535',
      '8080',
      (text) => Number(text) >= 1 && Number(text) <= 65535,
    ],
    [
      'runAsUser',
      'must be a user id from 1 to 2147483647, as pods must not run as root',
      '1001',
      (text) => Number(text) >= 1 && Number(text) <= 2_147_483_647,
    ],
    [
      'externalApiPath',
      'must be a module of npm that can be imported (without one, a type to start from is written)',
      '@acme/types',
      isModule,
    ],
    ['externalApiDomain', 'must be a domain', 'io', (text) => text !== '' && checkGroup(text) === undefined],
    ['externalApiModule', 'must be a package of npm with a version or range', '@acme/types@^1.2.0', isPackage],
  ];
  return rules.flatMap(([flag, rule, example, isValid]) => {
    const value = flags[flag];
    if (value === undefined || isValid(String(value))) return [];
    return [misuse(`\`${name(flag)}\` ${rule}`, `\`${value}\` is none`, `${name(flag)} ${example}`)];
  });
}

const name = (flag: string): string => flagName({ name: flag });

function misuse(rule: string, fact: string, hint: string): Diagnostic {
  return { code: 'OG5001', severity: 'error', message: `${rule}, but ${fact}`, hint };
}

/** `[host[:port]/]name[/name…][:tag][@digest]` */
const isImage = (text: string): boolean =>
  text.length <= 512 &&
  /^([a-zA-Z0-9][a-zA-Z0-9.-]*(:[0-9]+)?\/)?[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?$/.test(
    text,
  );

/** kubebuilder's flag of the same name takes such an import path. */
const isOfGo = (text: string): boolean =>
  /^(github\.com|gitlab\.com|bitbucket\.org|golang\.org|gopkg\.in|([a-z0-9-]+\.)*(k8s|openshift)\.io)\//.test(text);

/** A package or a module of one: `@acme/types`, `types/v1.js`. */
const isModule = (text: string): boolean =>
  text.length <= 214 &&
  !isOfGo(text) &&
  /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/.test(text);

const isPackage = (text: string): boolean =>
  /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*@[\w.^~*<>=| +-]+$/.test(text);

const words = (text: string): readonly string[] => text.split(',').filter((word) => word !== '');

/** What the flags say of the container; they have passed `checkFlags`. */
export function imageOf(flags: FlagValues): Image | undefined {
  if (typeof flags.image !== 'string') return undefined;
  return {
    name: flags.image,
    command: typeof flags.imageContainerCommand === 'string' ? words(flags.imageContainerCommand) : [],
    port: typeof flags.imageContainerPort === 'number' ? flags.imageContainerPort : defaultPort,
    ...(typeof flags.runAsUser === 'number' ? { runAsUser: flags.runAsUser } : {}),
  };
}

export function dependencyOf(flags: FlagValues): Package | undefined {
  if (typeof flags.externalApiModule !== 'string') return undefined;
  const at = flags.externalApiModule.lastIndexOf('@');
  return { name: flags.externalApiModule.slice(0, at), spec: flags.externalApiModule.slice(at + 1) };
}
