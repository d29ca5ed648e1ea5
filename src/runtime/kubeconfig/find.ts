import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { ConfigError } from '../errors.js';
import { messageOf } from '../log.js';
import { type Choice, chooseContext } from './choose.js';
import { inCluster, serviceAccountFolder } from './incluster.js';
import { type Kubeconfig, mergeKubeconfigs, parseKubeconfig } from './parse.js';

export interface FindOptions {
  /** Path of a kubeconfig, as of `--kubeconfig`. */
  kubeconfig?: string;
  /** Default: the current context. */
  context?: string;
  /** Default: those of the process. */
  env?: Readonly<Record<string, string | undefined>>;
  home?: string;
  /** The folder with the token and the authority of a pod. */
  serviceAccount?: string;
}

/**
 * Looks at `kubeconfig`, `$KUBECONFIG` (a list), the service account of the pod and `~/.kube/config`, in this order, and takes the first
 * that is there. A context is never that of a pod. Throws ConfigError.
 */
export function findCluster(options: FindOptions = {}): Choice {
  const { kubeconfig, context, env = process.env, home = homedir() } = options;
  const { serviceAccount = serviceAccountFolder } = options;
  if (kubeconfig) return chooseContext(readKubeconfig(resolve(kubeconfig)), context);
  if (env.KUBECONFIG) return chooseContext(readList(env.KUBECONFIG), context);
  const pod = context ? undefined : inCluster(env, serviceAccount);
  if (pod) return pod;
  const file = join(home, '.kube', 'config');
  if (existsSync(file)) return chooseContext(readKubeconfig(file), context);
  const places = `KUBECONFIG is not set, ${podState(env, serviceAccount)}, and ${file} is missing`;
  const hint = 'hint: give --kubeconfig=<file>, or set KUBECONFIG';
  throw new ConfigError(`There must be a kubeconfig to reach a cluster, but ${places}. ${hint}`);
}

function podState(env: NonNullable<FindOptions['env']>, serviceAccount: string): string {
  if (!env.KUBERNETES_SERVICE_HOST || !env.KUBERNETES_SERVICE_PORT) return 'this is no pod';
  return `the service account of the pod has no ${join(serviceAccount, 'token')}`;
}

/** Missing files are left out, as long as one is there. */
function readList(list: string): Kubeconfig {
  const files = list.split(delimiter).filter((path) => path !== '');
  const present = files.map((path) => resolve(path)).filter((path) => existsSync(path));
  if (present.length > 0) return mergeKubeconfigs(present.map(readKubeconfig));
  throw new ConfigError(`KUBECONFIG must name a file that is there, but it is \`${list}\`. hint: unset KUBECONFIG`);
}

function readKubeconfig(file: string): Kubeconfig {
  return parseKubeconfig(contentOf(file), file);
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${file}: a kubeconfig must be a file that can be read, but: ${messageOf(error)}`);
  }
}
