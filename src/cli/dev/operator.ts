import { spawn } from 'node:child_process';
import { eachLine } from './lines.js';

export interface OperatorOptions {
  /** The folder of the project; absolute. */
  readonly root: string;
  /** Relative to `root`. */
  readonly bundle: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets each line that the operator prints. */
  print(line: string): void;
}

/** An operator that runs as a process of its own. */
export interface Operator {
  /** Resolves when it is gone, with how it ended: `exit code 1`. */
  readonly ended: Promise<string>;
  isRunning(): boolean;
  /** SIGTERM, and after 35 seconds SIGKILL; resolves when it is gone. `onWait` is called when that takes longer than two seconds. */
  stop(onWait: () => void): Promise<void>;
  kill(): void;
}

const graceMilliseconds = 35_000;
const quietMilliseconds = 2_000;

/**
 * Runs first in the operator's process: when the channel to opgen breaks, opgen is gone, by whatever signal, and the
 * operator ends as if it had been told to. The channel keeps no operator alive that is done.
 */
const guard = `process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${graceMilliseconds}).unref();
});
process.channel?.unref();`;

/** Starts a bundle. Its process is no part of opgen's process group, so that Ctrl-C reaches it through opgen only. */
export function startOperator({ root, bundle, args, env, print }: OperatorOptions): Operator {
  const preload = `--import=data:text/javascript,${encodeURIComponent(guard)}`;
  const child = spawn(process.execPath, ['--enable-source-maps', preload, bundle, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  if (child.stdout) eachLine(child.stdout, print);
  if (child.stderr) eachLine(child.stderr, print);
  let isRunning = true;
  const ended = new Promise<string>((resolve) => {
    const finish = (how: string): void => {
      isRunning = false;
      resolve(how);
    };
    child.once('error', (error) => finish(error.message));
    child.once('close', (code, signal) => finish(signal ? `signal ${signal}` : `exit code ${code}`));
  });
  return {
    ended,
    isRunning: () => isRunning,
    async stop(onWait) {
      if (!isRunning) return;
      child.kill('SIGTERM');
      const quiet = setTimeout(onWait, quietMilliseconds);
      const grace = setTimeout(() => child.kill('SIGKILL'), graceMilliseconds);
      await ended;
      clearTimeout(quiet);
      clearTimeout(grace);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
