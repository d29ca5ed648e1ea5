import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { type Diagnostic, hasErrors, Refusal } from '../../diagnostics.js';
import type { Command, Env, Input, Outcome } from '../command.js';
import { createBundler, entryPath, findEsbuild } from '../dev/bundle.js';
import { findTarget, type Target } from '../dev/cluster.js';
import { runGenerate } from '../dev/generate.js';
import { readableLog } from '../dev/log.js';
import { startOperator } from '../dev/operator.js';
import { runSession } from '../dev/session.js';
import { onSignals } from '../ending.js';
import { watchSources } from '../sources.js';
import { notAProject, openWorkspace } from '../workspace.js';

export const dev: Command = {
  name: 'dev',
  summary: 'run the operator against the current cluster, and generate, build and start it again after each change',
  arguments: { usage: '[args...]', summary: 'flags of the operator, after `--`' },
  flags: [
    {
      name: 'kubeconfig',
      type: 'string',
      value: '<file>',
      completes: 'files',
      summary: 'run against the current context of this file in place of KUBECONFIG and ~/.kube/config',
    },
  ],
  examples: ['opgen dev', 'opgen dev --kubeconfig kind.kubeconfig', 'opgen dev -- --log-level=debug'],
  run,
};

async function run({ arguments: args, flags }: Input, env: Env): Promise<Outcome> {
  const { value, diagnostics } = openWorkspace(env.cwd);
  const { root } = value;
  if (hasErrors(diagnostics)) return { diagnostics, root };
  if (!value.project) return { diagnostics: [notAProject(root, env.cwd)] };
  if (!existsSync(join(root, entryPath))) return { diagnostics: [noEntry] };
  const esbuild = findEsbuild(root);
  if (esbuild === undefined) return { diagnostics: [noEsbuild] };
  const kubeconfig = typeof flags.kubeconfig === 'string' ? resolve(env.cwd, flags.kubeconfig) : undefined;
  const target = await findTarget(kubeconfig);
  for (const line of describe(target)) env.progress(line);
  await work({ root, esbuild, kubeconfig, args }, env);
  return { diagnostics };
}

/** What the bundle and the manifests depend on. */
const watched = { folders: ['src'], files: ['package.json', 'tsconfig.json', 'PROJECT'], ignored: ['src/generated'] };

interface Work {
  readonly root: string;
  /** The entry of the package. */
  readonly esbuild: string;
  readonly kubeconfig: string | undefined;
  readonly args: readonly string[];
}

/** Resolves when the user has stopped it, and nothing of it is left. */
async function work({ root, esbuild, kubeconfig, args }: Work, { colour, progress }: Env): Promise<void> {
  const ending = onSignals();
  const bundler = await createBundler(root, esbuild).catch(failedEsbuild);
  const print = (line: string): void => void process.stdout.write(`${readableLog(line, colour)}\n`);
  const warn = (line: string): void => void process.stderr.write(`${line}\n`);
  const env = { KUBECONFIG: kubeconfig ?? absolute(process.env.KUBECONFIG) };
  try {
    const session = {
      sources: watchSources(root, watched, warn),
      bundler,
      generate: () => runGenerate(root),
      start: (bundle: string) => startOperator({ root, bundle, args, env, print }),
      say: progress,
      warn,
    };
    await runSession(session, ending);
    progress('Stopped.');
  } finally {
    await bundler.close();
    ending.release();
  }
}

/** The operator runs in the folder of the project, which need not be the one where the list of paths was written. */
const absolute = (paths: string | undefined): string | undefined =>
  paths
    ?.split(delimiter)
    .map((path) => (path === '' ? '' : resolve(path)))
    .join(delimiter);

function describe({ server, source, isNear }: Target): readonly string[] {
  const line = `The operator runs against ${server}, from ${source}. Ctrl-C stops it.`;
  const warning = 'That cluster is not on this machine: what the operator does there may concern others.';
  return isNear ? [line] : [line, warning];
}

/** Installed for another platform, for instance. */
function failedEsbuild(error: unknown): never {
  const message = `The \`esbuild\` of the project must start, but: ${error instanceof Error ? error.message : error}`;
  throw new Refusal({ code: 'OG5011', severity: 'error', message, hint: 'run `npm ci`' });
}

const noEntry: Diagnostic = {
  code: 'OG5011',
  severity: 'error',
  message: `A project must have \`${entryPath}\` to be run, but this one has none`,
  hint: 'bring it back with `git checkout src/main.ts`, or run `opgen create api --kind Memcached` for a controller',
};

const noEsbuild: Diagnostic = {
  code: 'OG5011',
  severity: 'error',
  message: 'A project must have `esbuild` among its installed packages to be built, but this one has not',
  hint: 'run `npm install`; a project without it in `devDependencies` needs `npm install --save-dev esbuild`',
};
