import type { Diagnostic } from '../diagnostics.js';
import type { Env } from './command.js';

/** Installs the dependencies of a new project, without running their scripts. */
export async function npmInstall(root: string, env: Env): Promise<Diagnostic | undefined> {
  const { execa } = await import('execa');
  env.progress('Installing dependencies: npm install --ignore-scripts');
  const result = await execa('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    reject: false,
    all: true,
    stdin: 'ignore',
  });
  if (!result.failed) return undefined;
  return {
    code: 'OG5009',
    severity: 'error',
    message: `\`npm install\` must succeed, but it ended with ${result.exitCode === undefined ? (result.shortMessage ?? 'a signal') : `exit code ${result.exitCode}`}; all files are written`,
    hint: 'run `npm install` in the project and read its messages',
    ...(result.all ? { detail: result.all } : {}),
  };
}
