import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';

/** A line of the operator's log. */
export type LogLine = Record<string, unknown> & { level?: string; message?: string };

export interface OperatorOptions {
  /** As of `bundleOperator`. */
  readonly bundle: string;
  /** The text of a kubeconfig. */
  readonly kubeconfig: string;
  /** Flags beside that of the health checks. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Path of the Node.js to run. Default: the one of this process. */
  readonly node?: string;
}

/** An operator that runs as a child process. */
export interface Operator {
  readonly pid: number;
  /** What it has logged so far; a line that is no JSON object is `{ text }`. */
  readonly logs: readonly LogLine[];
  /** Undefined while it runs; -1 after a signal. */
  readonly exitCode: number | undefined;
  /** Resolves with the exit code when it is gone. */
  readonly ended: Promise<number>;
  /** Resolves with the first line that matches, of what was or will be logged. Rejects when the operator ends before, or after a minute. */
  logged(matches: (line: LogLine) => boolean): Promise<LogLine>;
  /** Resolves when its caches are filled and its controllers work. */
  ready(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

const patienceMilliseconds = 60_000;
const healthFlag = '--health-probe-bind-address=127.0.0.1:0';
const banner =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

/** Runs first in the operator's process, which ends when the channel to this one breaks. */
const preload = `--import=data:text/javascript,${encodeURIComponent(
  "process.once('disconnect', () => process.kill(process.pid, 'SIGKILL')); process.channel?.unref();",
)}`;

/**
 * Bundles `src/main.ts` of a project as its build script does, with the runtime of this repository; the built-in types
 * are those of `dist/`.
 */
export async function bundleOperator(projectDir: string, outFile: string): Promise<void> {
  await build({
    entryPoints: [join(projectDir, 'src/main.ts')],
    outfile: outFile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'silent',
    banner: { js: banner },
    alias: {
      'opgen/api': resolve('src/api/index.ts'),
      'opgen/k8s': resolve('dist/k8s'),
      'opgen/runtime': resolve('src/runtime/index.ts'),
      'opgen/testing': resolve('src/testing/index.ts'),
    },
    nodePaths: [resolve('node_modules')],
  });
}

/** Starts a bundle; resolves when the process runs. It ends with this one. */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const { bundle, kubeconfig, args = [], env, node = process.execPath } = options;
  const dir = mkdtempSync(join(tmpdir(), 'opgen-operator-'));
  const file = join(dir, 'kubeconfig');
  writeFileSync(file, kubeconfig, { mode: 0o600 });
  const child = spawn(node, ['--enable-source-maps', preload, bundle, healthFlag, ...args], {
    env: { ...process.env, KUBECONFIG: file, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let exitCode: number | undefined;
  const ended = new Promise<number>((done) => {
    child.once('close', (code) => {
      exitCode = code ?? -1;
      rmSync(dir, { recursive: true, force: true });
      done(exitCode);
    });
  });
  const { lines, find } = collect(child.stderr as NodeJS.ReadableStream, ended);
  await new Promise((started, failed) => child.once('spawn', started as () => void).once('error', failed));
  return {
    pid: child.pid as number,
    logs: lines,
    get exitCode() {
      return exitCode;
    },
    ended,
    logged: find,
    async ready() {
      const { port } = await find(({ message }) => message === 'Health checks answer');
      while (!(await answersOk(`http://127.0.0.1:${port}/readyz`))) {
        if (exitCode !== undefined) throw new Error(`The operator must get ready, but ended with ${exitCode}`);
        await sleep(50);
      }
    },
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const answersOk = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

function collect(stderr: NodeJS.ReadableStream, ended: Promise<number>) {
  const lines: LogLine[] = [];
  const seekers = new Set<(line: LogLine) => void>();
  createInterface({ input: stderr }).on('line', (text) => {
    const line = parse(text);
    lines.push(line);
    for (const seek of seekers) seek(line);
  });
  const all = (): string => lines.map((line) => JSON.stringify(line)).join('\n');
  const seek = (matches: (line: LogLine) => boolean): Promise<LogLine> =>
    new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        seekers.delete(take);
      };
      const fail = (fact: string): void => {
        settle();
        reject(new Error(`The operator must log the line, but ${fact}:\n${all()}`));
      };
      const take = (line: LogLine): void => {
        if (!matches(line)) return;
        settle();
        resolve(line);
      };
      const timer = setTimeout(() => fail('did not within a minute'), patienceMilliseconds);
      seekers.add(take);
      ended.then((code) => fail(`ended with ${code}`));
    });
  const find = async (matches: (line: LogLine) => boolean): Promise<LogLine> => lines.find(matches) ?? seek(matches);
  return { lines: lines as readonly LogLine[], find };
}

function parse(text: string): LogLine {
  try {
    const line: unknown = JSON.parse(text);
    if (typeof line === 'object' && line !== null) return line as LogLine;
  } catch {
    // Not JSON: node itself has printed it.
  }
  return { text };
}
