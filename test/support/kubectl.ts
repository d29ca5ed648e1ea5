import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assets } from './assets.js';
import { run } from './process.js';

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the kubectl of KUBEBUILDER_ASSETS against the cluster of `env.kubeconfig` (its text), for one minute at most. */
export function kubectl(env: { kubeconfig: string }, args: readonly string[], input = ''): Outcome {
  if (assets === undefined) throw new Error('kubectl needs KUBEBUILDER_ASSETS, but it is not set');
  const dir = mkdtempSync(join(tmpdir(), 'opgen-kubectl-'));
  try {
    const { error, status, stdout, stderr } = spawnSync(join(assets, 'kubectl'), [...ownFlags(dir, env), ...args], {
      input,
      encoding: 'utf8',
      timeout: 60_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    if (error) throw error;
    return { status, stdout, stderr };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** As `kubectl`, while this process stays free for what it plays itself, such as the kubelet. */
export async function kubectlAsync(env: { kubeconfig: string }, args: readonly string[], input = ''): Promise<Outcome> {
  if (assets === undefined) throw new Error('kubectl needs KUBEBUILDER_ASSETS, but it is not set');
  const dir = mkdtempSync(join(tmpdir(), 'opgen-kubectl-'));
  try {
    return await run(join(assets, 'kubectl'), [...ownFlags(dir, env), ...args], { input });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function ownFlags(dir: string, env: { kubeconfig: string }): readonly string[] {
  const config = join(dir, 'kubeconfig');
  writeFileSync(config, env.kubeconfig, { mode: 0o600 });
  return [`--kubeconfig=${config}`, `--cache-dir=${join(dir, 'cache')}`];
}
