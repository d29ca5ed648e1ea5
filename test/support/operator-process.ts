import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tempFolder } from './temp.js';

const source = (path: string): string => JSON.stringify(pathToFileURL(join(process.cwd(), 'src', path)).href);

/** What the code of an operator may use: the runtime, a fake cluster with one Widget `a`, and a kind for it. */
const preamble = `
import * as runtime from ${source('runtime/index.ts')};
import { fakeCluster } from ${source('testing/index.ts')};
const { createManager, managerFlags, onSignals, exitWithError, defineResource } = runtime;
const Widget = defineResource({ group: 'test.example.com', version: 'v1', kind: 'Widget' });
const a = { apiVersion: 'test.example.com/v1', kind: 'Widget', metadata: { name: 'a', namespace: 'default' } };
const cluster = fakeCluster({ resources: [Widget], objects: [a] });
`;

export interface OperatorProcess {
  /** All that it has written to its standard error. */
  readonly output: () => string;
  /** Resolves when the output contains the text; rejects when the process ends first. */
  says(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** The exit code, or the signal that ended it. */
  readonly exit: Promise<number | NodeJS.Signals>;
}

/** Runs the code of a main.ts in a process of its own. */
export function runOperator(
  code: string,
  { args = [], env = {} }: { args?: readonly string[]; env?: Record<string, string> } = {},
): OperatorProcess {
  const main = join(tempFolder(), 'main.mts');
  writeFileSync(main, preamble + code);
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const exit = new Promise<number | NodeJS.Signals>((resolve) =>
    child.on('close', (status, signal) => resolve(status ?? signal ?? -1)),
  );
  return {
    output: () => text,
    says: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (text.includes(wanted)) resolve();
        };
        child.stderr.on('data', look);
        look();
        void exit.then(() => reject(new Error(`the operator ended without saying "${wanted}":\n${text}`)));
      }),
    kill: (signal) => void child.kill(signal),
    exit,
  };
}
