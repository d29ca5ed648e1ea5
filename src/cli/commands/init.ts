import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Diagnostic } from '../../diagnostics.js';
import { sourced } from '../../emit/artifact.js';
import { generate } from '../../generate.js';
import { markerSet } from '../../ir/marker.js';
import { readProject } from '../../project/file.js';
import { checkDomain, checkProjectName } from '../../project/names.js';
import { projectFile } from '../../project/paths.js';
import { type InitInput, initArtifacts } from '../../scaffold/init.js';
import {
  type Command,
  type Env,
  type Flag,
  type FlagValues,
  forceOf,
  type Input,
  type Outcome,
  writingFlags,
} from '../command.js';
import { npmInstall } from '../install.js';
import { type Wanted, write } from '../write.js';

const domainFlag: Flag = {
  name: 'domain',
  type: 'string',
  value: '<domain>',
  summary: 'suffix of the API groups (my.domain)',
  prompt: 'Domain of the API groups:',
};
const nameFlag: Flag = {
  name: 'projectName',
  type: 'string',
  value: '<name>',
  summary: 'name of the project (that of the folder)',
  prompt: 'Name of the project:',
};

export const init: Command = {
  name: 'init',
  summary: 'start a project in an empty folder',
  arguments: {
    usage: '[dir]',
    summary: 'the folder; made if it does not exist (the current folder)',
    completes: 'folders',
  },
  flags: [
    domainFlag,
    nameFlag,
    { name: 'multigroup', type: 'boolean', summary: 'one folder for each API group' },
    {
      name: 'namespaced',
      type: 'boolean',
      summary: 'the operator works in some namespaces, with a Role in place of a ClusterRole',
    },
    {
      name: 'license',
      type: 'string',
      value: '<license>',
      summary: 'apache2 (default) or none',
      choices: ['apache2', 'none'],
    },
    { name: 'owner', type: 'string', value: '<owner>', summary: 'who holds the copyright' },
    { name: 'skipInstall', type: 'boolean', summary: 'do not run `npm install`' },
    {
      name: 'opgen',
      type: 'string',
      value: '<spec>',
      summary: 'version, range or file: tarball of opgen for package.json',
    },
    ...writingFlags,
  ],
  examples: [
    'opgen init --domain example.com',
    'opgen init cache-operator --domain example.com --multigroup',
    'opgen init --domain example.com --skip-install --dry-run',
  ],
  run,
};

async function run(input: Input, env: Env): Promise<Outcome> {
  const { flags } = input;
  const root = resolve(env.cwd, input.arguments[0] ?? '.');
  const occupied = checkFolder(root, env.cwd, flags.force !== undefined);
  if (occupied.length > 0) return { diagnostics: occupied };
  const project = await askProject(root, flags, env);
  const wrong = [
    checkDomain(project.domain),
    checkProjectName(project.name),
    checkSpec(project.opgenSpec, root),
  ].filter((each) => each !== undefined);
  if (wrong.length > 0) return { diagnostics: wrong };
  const { outcome, applied } = await write(root, flags.dryRun === true, async () => want(project, flags, env));
  if (!applied) return outcome;
  const failed = flags.skipInstall ? undefined : await npmInstall(root, env);
  const steps = [
    ...(root === env.cwd ? [] : [`cd ${relative(env.cwd, root)}`]),
    ...(flags.skipInstall ? ['npm install'] : []),
    'npx opgen create api --group cache --version v1alpha1 --kind Memcached',
  ];
  return { ...outcome, diagnostics: [...outcome.diagnostics, ...(failed ? [failed] : [])], next: steps };
}

async function askProject(root: string, flags: FlagValues, env: Env): Promise<InitInput> {
  const text = async (flag: Flag, defaultValue: string) =>
    typeof flags[flag.name] === 'string'
      ? String(flags[flag.name])
      : ((await env.ask(flag, defaultValue)) ?? defaultValue);
  const name = await text(nameFlag, defaultName(root));
  const domain = await text(domainFlag, 'my.domain');
  return {
    name,
    domain,
    multigroup: flags.multigroup === true,
    namespaced: flags.namespaced === true,
    license: typeof flags.license === 'string' ? flags.license : 'apache2',
    ...(typeof flags.owner === 'string' ? { owner: flags.owner } : {}),
    opgenSpec: typeof flags.opgen === 'string' ? opgenSpec(flags.opgen, root, env.cwd) : `^${env.version}`,
    opgenVersion: env.version,
  };
}

/** The folder's name as a DNS label. */
const defaultName = (root: string): string =>
  basename(root)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63) || 'operator';

/** A tarball is named from where the user stands; package.json names it from the project. */
function opgenSpec(spec: string, root: string, cwd: string): string {
  const file = spec.startsWith('file:') ? spec.slice('file:'.length) : undefined;
  if (file === undefined || isAbsolute(file)) return spec;
  return `file:${relative(root, join(cwd, file)).split(sep).join('/')}`;
}

/** What npm takes for a version, a range or a tag, or a tarball that exists. */
function checkSpec(spec: string, root: string): Diagnostic | undefined {
  const file = spec.startsWith('file:') ? spec.slice('file:'.length) : undefined;
  const isKnown =
    file === undefined ? /^[~^<>=]*[\w.*+-]+( \|\| [\w.^~*+-]+)*$/.test(spec) : existsSync(resolve(root, file));
  if (isKnown) return undefined;
  const fact = file === undefined ? `\`${spec}\` is neither` : `\`${file}\` does not exist`;
  const message = `\`--opgen\` must be a version, a range or the file of a package, but ${fact}`;
  return { code: 'OG5001', severity: 'error', message, hint: '--opgen ^0.1.0, or --opgen file:../opgen-0.1.0.tgz' };
}

/** Files that a new project may find: version control, editors, a licence. */
const harmless = (name: string): boolean =>
  (name.startsWith('.') && name !== '.opgen' && !scaffoldedDotFiles.includes(name)) ||
  /^(LICENSE|LICENCE)(\..*)?$/i.test(name);

const scaffoldedDotFiles: readonly string[] = ['.npmrc', '.gitignore', '.gitattributes', '.editorconfig', '.github'];

function checkFolder(root: string, cwd: string, force: boolean): readonly Diagnostic[] {
  const folder = relative(cwd, root).split(sep).join('/') || '.';
  const stat = statSync(root, { throwIfNoEntry: false });
  if (stat && !stat.isDirectory()) {
    const message = `\`init\` needs a folder, but \`${folder}\` is a file`;
    return [{ code: 'OG5003', severity: 'error', message, hint: 'run `opgen init my-operator`' }];
  }
  if (force || !stat) return [];
  const names = readdirSync(root).sort();
  if (names.includes('PROJECT')) {
    const message = `A folder becomes a project once, but \`${folder}\` has a PROJECT file already`;
    return [
      { code: 'OG5003', severity: 'error', message, hint: 'run `opgen create api --kind Memcached` to add a kind' },
    ];
  }
  const found = names.filter((name) => !harmless(name));
  if (found.length === 0) return [];
  const shown =
    found
      .slice(0, 3)
      .map((name) => `\`${name}\``)
      .join(', ') + (found.length > 3 ? `, and ${found.length - 3} more` : '');
  const message = `\`init\` needs an empty folder, but \`${folder}\` has ${shown}`;
  return [
    {
      code: 'OG5003',
      severity: 'error',
      message,
      hint: 'run `opgen init my-operator`, or add `--force`: what is replaced is kept as .orig',
    },
  ];
}

/** The files of a new project, and what the generators make of a project without kinds. */
function want(input: InitInput, flags: FlagValues, env: Env): Wanted {
  const artifacts = initArtifacts(input);
  const file = artifacts.find((artifact) => artifact.path === projectFile && artifact.owner === 'shared');
  const { value: project, diagnostics } = readProject(file && 'initial' in file ? file.initial : '');
  const made = generate(project, { kinds: [], markers: markerSet([]), files: [] });
  return {
    artifacts: [...sourced('init', artifacts), ...made.value.artifacts],
    diagnostics: [...diagnostics, ...made.diagnostics],
    options: { opgenVersion: env.version, dryRun: flags.dryRun === true, force: forceOf(flags) },
  };
}
