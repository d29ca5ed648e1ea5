import { dirname, isAbsolute, join } from 'node:path';
import type { Choice } from './choose.js';
import { type Entry, pathAt } from './entry.js';

/** The text of a kubeconfig with one context, which works wherever it is written: its paths are absolute. */
export function flattenKubeconfig({ cluster, user }: Choice): string {
  const name = 'current';
  const fields = absolute(user, ['client-certificate', 'client-key', 'tokenFile']);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: absolute(cluster, ['certificate-authority']) }],
    users: [{ name, user: { ...fields, ...withCommand(user) } }],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function absolute(entry: Entry, paths: readonly string[]): Record<string, unknown> {
  const named = paths.filter((field) => pathAt(entry, field) !== undefined);
  return { ...entry.fields, ...Object.fromEntries(named.map((field) => [field, pathAt(entry, field)])) };
}

function withCommand({ file, fields }: Entry): { exec?: object } {
  const exec = fields.exec as { command?: unknown } | undefined;
  const command = exec?.command;
  if (typeof command !== 'string' || !/[\\/]/.test(command) || isAbsolute(command)) return {};
  return { exec: { ...exec, command: join(dirname(file), command) } };
}
