import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { Progress, Report } from './operator/measure.js';

/** A program to measure, such as the operator written with opgen. */
export interface Program {
  readonly name: string;
  readonly command: readonly [file: string, ...args: string[]];
}

export interface Programs {
  readonly opgen: Program;
  /** The same operator, written with controller-runtime. */
  readonly go: Program;
}

/** What NODE_OPTIONS of a scaffolded Deployment has. */
const scaffoldedFlag = '--max-old-space-size=160';

/** Builds both operators into a folder. */
export async function buildPrograms(folder: string): Promise<Programs> {
  const bundle = join(folder, 'operator.mjs');
  await build({
    entryPoints: ['bench/runtime/operator/main.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  });
  const twin = join(folder, 'twin');
  execFileSync('go', ['build', '-o', twin, '.'], { cwd: resolve('bench/runtime/twin'), stdio: 'inherit' });
  return {
    opgen: { name: 'opgen', command: [process.execPath, '--expose-gc', scaffoldedFlag, bundle] },
    go: { name: 'controller-runtime', command: [twin] },
  };
}

/** A program that runs on the first core; everything else runs on the others. */
export interface Running {
  /** The next line that the program prints with this member. Rejects when the program ends before. */
  line<T>(member: string): Promise<T>;
  progress(): Promise<Progress>;
  /** What was measured since the last report, with the heap after a collection. */
  report(): Promise<Report>;
  /** User and system time so far, in ms. */
  cpu(): number;
  /** Resident memory, in MB. */
  rss(): number;
  stop(): Promise<void>;
}

/** Core of what is measured, and of what it is measured by. */
export const cores = { measured: '0', others: '1' } as const;

/** A tick of /proc in ms: the kernel counts 100 of them in a second, whatever its own frequency is. */
const tick = 10;

let number = 0;

/** Starts a program against the cluster of a kubeconfig (its text). */
export function start(
  { command }: Program,
  folder: string,
  kubeconfig: string,
  { env, args = [] }: { readonly env?: Readonly<Record<string, string>>; readonly args?: readonly string[] } = {},
): Running {
  const file = join(folder, `kubeconfig-${number++}`);
  writeFileSync(file, kubeconfig, { mode: 0o600 });
  const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;
  const child = spawn('taskset', ['-c', cores.measured, ...command, ...args], {
    env: { ...environment, KUBECONFIG: file, BENCH_WRITES: 'none', BENCH_CONCURRENCY: '10', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    log.push(line);
    if (log.length > 50) log.shift();
  });
  const lines: Record<string, unknown>[] = [];
  const wake = new Set<() => void>();
  const notify = (): void => {
    for (const each of wake) each();
  };
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(JSON.parse(text));
    notify();
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  void ended.then(() => {
    process.off('exit', kill);
    notify();
  });

  function line<T>(member: string): Promise<T> {
    return new Promise((done, fail) => {
      const take = (): void => {
        const index = lines.findIndex((each) => member in each);
        if (index < 0 && child.exitCode === null && child.signalCode === null) return;
        wake.delete(take);
        if (index < 0) fail(new Error(`${command[0]} ended before it printed \`${member}\`:\n${log.join('\n')}`));
        else done(lines.splice(index, 1)[0] as T);
      };
      wake.add(take);
      take();
    });
  }

  return {
    line,
    progress() {
      child.kill('SIGUSR2');
      return line<Progress>('reconciles');
    },
    report() {
      child.kill('SIGHUP');
      return line<Report>('heap');
    },
    cpu() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) * tick;
    },
    rss: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024,
    async stop() {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(force);
    },
  };
}
