import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Choice } from './choose.js';

export const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The source of a cluster that this process is a pod of. */
export const serviceAccountTitle = 'the service account of the pod';

/** The API server of the cluster that this process is a pod of, as its service account; undefined outside of a cluster. */
export function inCluster(env: Readonly<Record<string, string | undefined>>, folder: string): Choice | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  const tokenFile = join(folder, 'token');
  if (!host || !port || !existsSync(tokenFile)) return undefined;
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const title = serviceAccountTitle;
  const file = join(folder, 'kubeconfig');
  return {
    source: title,
    cluster: { file, title, fields: { server, 'certificate-authority': join(folder, 'ca.crt') } },
    user: { file, title, fields: { tokenFile } },
  };
}
