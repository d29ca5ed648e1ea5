import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { endpointOf, type FindOptions, findCluster } from '../../../src/runtime/kubeconfig/index.js';
import type { Endpoint } from '../../../src/runtime/transport/index.js';
import { tempFolder } from '../../support/temp.js';

type Fields = Record<string, unknown>;

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A kubeconfig with one context `main`, whose cluster and user are also called `main`. */
export const kubeconfigOf = (cluster: Fields, user: Fields = {}): string =>
  JSON.stringify({
    'current-context': 'main',
    contexts: [{ name: 'main', context: { cluster: 'main', user: 'main' } }],
    clusters: [{ name: 'main', cluster: { server: 'https://127.0.0.1:1', ...cluster } }],
    users: [{ name: 'main', user }],
  });

/** Writes files into a new folder and gives it. */
export function folderWith(files: Record<string, string>): string {
  const folder = tempFolder();
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode: 0o700 });
  }
  return folder;
}

/** What the loader makes of a kubeconfig in a folder of its own. */
export function endpointFor(cluster: Fields, user: Fields = {}, files: Record<string, string> = {}): Endpoint {
  const folder = folderWith({ ...files, config: kubeconfigOf(cluster, user) });
  return endpointOf(find({ kubeconfig: join(folder, 'config') }));
}

/** Looks in a world with nothing but what is given. */
export const find = (options: FindOptions): ReturnType<typeof findCluster> =>
  findCluster({ env: {}, home: '/nowhere', serviceAccount: '/nowhere', ...options });
