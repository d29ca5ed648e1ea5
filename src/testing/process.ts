import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where the servers of one control plane run: the folder of their programs and the temporary folder of their files. */
export interface Place {
  readonly binDir: string;
  readonly dir: string;
  /** Output goes to this process's own instead of a log file. */
  readonly attachOutput: boolean;
}

/** A server that runs as a child process. */
export interface ServerProcess {
  readonly program: string;
  /** How the process ended, such as `exit code 1`; undefined while it runs. */
  ended(): string | undefined;
  /** The last lines of its output, or where they are. */
  output(): string;
  /** SIGTERM, and after ten seconds SIGKILL; resolves when the process is gone. */
  stop(): Promise<void>;
}

const graceSeconds = 10;
const startSeconds = 60;
const pollMilliseconds = 100;

/**
 * Becomes the program, and leaves a guard behind that waits for a line on descriptor 3. When the descriptor ends without one, the
 * parent is gone, by whatever signal (vitest ends its workers with SIGTERM): the guard ends the program and removes the folder.
 */
const guarded = `(read -r _ <&3 || { kill -KILL $$; rm -rf "$0"; }) & exec "$@" 3<&-`;

/** Starts a program of `place.binDir`. The process does not keep this one alive, and never outlives it. */
export function startProcess(place: Place, program: string, args: readonly string[]): ServerProcess {
  const logFile = join(place.dir, `${program}.log`);
  const log = place.attachOutput ? 'inherit' : openSync(logFile, 'w');
  const child = spawn('/bin/sh', ['-c', guarded, place.dir, join(place.binDir, program), ...args], {
    stdio: ['ignore', log, log, 'pipe'],
  });
  if (log !== 'inherit') closeSync(log);
  const guard = child.stdio[3] as Socket;
  guard.on('error', () => {});
  guard.unref();
  child.unref();

  let end: string | undefined;
  const gone = new Promise<void>((done) => {
    const finish = (how: string) => {
      end = how;
      guard.end('\n');
      done();
    };
    child.once('exit', (code, signal) => finish(signal ? `signal ${signal}` : `exit code ${code}`));
    child.once('error', (error) => finish(error.message));
  });
  return {
    program,
    ended: () => end,
    output: () => (place.attachOutput ? 'its output is above' : `the end of its log:\n${tail(logFile)}`),
    async stop() {
      if (end !== undefined) return;
      child.ref();
      const timer = setTimeout(() => child.kill('SIGKILL'), graceSeconds * 1000);
      child.kill('SIGTERM');
      await gone;
      clearTimeout(timer);
    },
  };
}

/** Waits until `probe` answers true, for one minute at most. A server that fails is stopped; the error has the end of its log. */
export async function untilReady(server: ServerProcess, probe: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + startSeconds * 1000;
  while (server.ended() !== undefined || !(await probe().catch(() => false))) {
    const fact = server.ended() ?? (Date.now() > deadline ? 'no answer' : undefined);
    if (fact) {
      await server.stop();
      const rule = `\`${server.program}\` must be ready within ${startSeconds} seconds`;
      throw new Error(`${rule}, but the outcome was: ${fact}; ${server.output()}`);
    }
    await sleep(pollMilliseconds);
  }
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
}
