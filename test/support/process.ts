import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface RunOptions {
  cwd?: string;
  /** Added to the environment of this process; undefined removes a variable. */
  env?: Record<string, string | undefined>;
  input?: string;
  uid?: number;
  /** Milliseconds until SIGKILL. Default 60_000. */
  timeout?: number;
}

export interface RunResult {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever its exit code. Rejects when it cannot be started. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { env, input = '', timeout = 60_000, ...rest } = options;
  const child = spawn(command, args, { ...rest, env: { ...process.env, ...env }, timeout, killSignal: 'SIGKILL' });
  // A program that ends before it has read its input breaks the pipe, which is no failure of the run.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const closed = new Promise<Pick<RunResult, 'status' | 'signal'>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal }));
  });
  const [end, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return { ...end, stdout, stderr };
}
