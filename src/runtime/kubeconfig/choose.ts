import { nearest } from '../../nearest.js';
import { ConfigError } from '../errors.js';
import { type Entry, mistake, shown, textAt } from './entry.js';
import type { Kubeconfig } from './parse.js';

/** A cluster with the user who asks. */
export interface Choice {
  /** Where it was found, in words: `/home/me/.kube/config (context kind)`. */
  readonly source: string;
  readonly cluster: Entry;
  readonly user: Entry;
}

/** The cluster and the user of a context, by default of the current one. */
export function chooseContext(config: Kubeconfig, name = config.currentContext): Choice {
  if (!name) throw noContext(config);
  const context = config.contexts.get(name) ?? unknown(config, `the context ${shown(name)}`, 'contexts', name);
  const cluster = textAt(context, 'cluster');
  if (cluster === undefined) throw mistake(context, 'must name a `cluster`, but has none');
  const user = textAt(context, 'user');
  return {
    source: `${context.file} (context ${name})`,
    cluster: referred(config, context, 'clusters', cluster),
    user: user === undefined ? anonymous(context) : referred(config, context, 'users', user),
  };
}

const anonymous = ({ file }: Entry): Entry => ({ file, title: 'no user', fields: {} });

function referred(config: Kubeconfig, context: Entry, list: 'clusters' | 'users', name: string): Entry {
  const what = `the ${list.slice(0, -1)} ${shown(name)} of ${context.title}`;
  return config[list].get(name) ?? unknown(config, what, list, name);
}

/** A name in a list, or for a shell. */
const plain = (name: string): string => shown(name).slice(1, -1);

function noContext({ files, contexts }: Kubeconfig): ConfigError {
  const [first] = contexts.keys();
  const hint = first === undefined ? '' : `. hint: kubectl config use-context ${plain(first)}`;
  return new ConfigError(`${files.join(', ')}: \`current-context\` must name a context, but it is empty${hint}`);
}

function unknown(config: Kubeconfig, what: string, list: 'contexts' | 'clusters' | 'users', name: string): never {
  const names = [...config[list].keys()];
  const near = nearest(name, names);
  const known = names.length === 0 ? `there are no ${list}` : `the ${list} are ${names.map(plain).join(', ')}`;
  const hint = near === undefined ? '' : `. hint: did you mean ${plain(near)}?`;
  throw new ConfigError(`${config.files.join(', ')}: ${what} must be there, but ${known}${hint}`);
}
