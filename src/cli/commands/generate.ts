import { posix } from 'node:path';
import type { Diagnostic } from '../../diagnostics.js';
import { generators } from '../../generators/index.js';
import { nearest } from '../../nearest.js';
import { type Command, type Env, type Input, type Outcome, writingFlags } from '../command.js';
import { fromRoot } from '../generate/made.js';
import { generateOnce } from '../generate/round.js';
import { watchRounds } from '../generate/watch.js';
import { openWorkspace } from '../workspace.js';

export const generate: Command = {
  name: 'generate',
  summary: 'write the artifacts that follow from the types: CRDs, RBAC, generated code, samples, Makefile',
  arguments: {
    usage: '[artifact...]',
    summary: `any of ${generators.map(({ name }) => name).join(', ')}; none means all`,
    completes: 'artifacts',
  },
  flags: [
    { name: 'check', type: 'boolean', summary: 'write nothing; exit 1 and say why if anything is out of date' },
    {
      name: 'paths',
      type: 'repeat',
      value: '<path>',
      completes: 'files',
      summary: 'read these files, folders or globs in place of src/**/*.ts',
    },
    {
      name: 'output',
      type: 'string',
      value: '<dir>',
      completes: 'folders',
      summary: 'write below this folder, or to stdout with `-`',
    },
    {
      name: 'maxDescLen',
      type: 'number',
      value: '<bytes>',
      summary: 'cut descriptions in CRDs to this length; 0 drops them',
    },
    { name: 'watch', type: 'boolean', summary: 'go on, and generate again whenever a source changes, until Ctrl-C' },
    ...writingFlags,
  ],
  examples: [
    'opgen generate',
    'opgen generate crds rbac',
    'opgen generate --check',
    'opgen generate --watch',
    'opgen generate crds --paths src/api --output -',
  ],
  run,
};

async function run(input: Input, env: Env): Promise<Outcome> {
  const usage = checkUsage(input, env);
  if (usage.length > 0) return { diagnostics: usage };
  if (input.flags.watch) return watch(input, env);
  return (await generateOnce(input, env)).outcome;
}

async function watch(input: Input, env: Env): Promise<Outcome> {
  const { root } = openWorkspace(env.cwd).value;
  const paths = Array.isArray(input.flags.paths) ? fromRoot(root, env.cwd, input.flags.paths) : undefined;
  const sources = (paths ?? ['src']).map(withoutGlob);
  const isFile = (path: string) => path.endsWith('.ts');
  await watchRounds(
    {
      root,
      folders: [...sources.filter((path) => !isFile(path)), 'config'],
      files: [...sources.filter(isFile), 'PROJECT'],
      run: () => generateOnce(input, env),
    },
    env,
  );
  return { diagnostics: [] };
}

/** The folder that a glob searches, or the path itself. */
const withoutGlob = (path: string): string =>
  /[*?{]/.test(path) ? posix.dirname(path.replace(/[*?{].*/s, 'x')) : path;

function checkUsage({ arguments: names, flags }: Input, { format }: Env): readonly Diagnostic[] {
  const known = generators.map(({ name }) => name);
  const error = (message: string, hint: string): Diagnostic => ({ code: 'OG5001', severity: 'error', message, hint });
  const hint = (name: string) => {
    const near = nearest(name, known);
    return near ? `did you mean \`${near}\`?` : `use any of ${known.join(', ')}`;
  };
  const unknown = names.filter((name) => !known.includes(name));
  const diagnostics = unknown.map((name) =>
    error(`\`generate\` takes names of artifacts, but \`${name}\` is none`, hint(name)),
  );
  if (flags.check && (flags.output !== undefined || flags.force || flags.dryRun)) {
    diagnostics.push(
      error('`--check` writes nothing, but `--output`, `--force` or `--dry-run` is given too', 'drop one of them'),
    );
  }
  const once = [
    ...(flags.check ? ['--check'] : []),
    ...(flags.dryRun ? ['--dry-run'] : []),
    ...(flags.output === '-' ? ['--output -'] : []),
    ...(format === 'human' ? [] : [`--format ${format}`]),
  ];
  if (flags.watch && once.length > 0) {
    const given = once.map((flag) => `\`${flag}\``).join(', ');
    diagnostics.push(error(`\`--watch\` goes on and on, but ${given} asks for one run`, 'drop `--watch`'));
  }
  return diagnostics;
}
