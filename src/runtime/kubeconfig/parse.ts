import { load, YAMLException } from 'js-yaml';
import { ConfigError } from '../errors.js';
import { isMembers } from '../json.js';
import { messageOf } from '../log.js';
import { type Entry, kindOf, shown } from './entry.js';

type Entries = ReadonlyMap<string, Entry>;

/** One kubeconfig, or several merged ones. */
export interface Kubeconfig {
  readonly files: readonly string[];
  readonly currentContext?: string;
  readonly contexts: Entries;
  readonly clusters: Entries;
  readonly users: Entries;
}

const maxBytes = 1024 * 1024;
const limits = { maxDepth: 64, maxAliases: 100 };

/** Reads the text of a kubeconfig as data. Throws ConfigError with the file, and the line where it is not YAML. */
export function parseKubeconfig(text: string, file: string): Kubeconfig {
  const document = documentOf(text, file);
  checkType(document, file);
  const current = document['current-context'];
  if (current !== undefined && current !== null && typeof current !== 'string')
    throw new ConfigError(`${file}: \`current-context\` must be a text, but it is ${kindOf(current)}`);
  return {
    files: [file],
    ...(current && { currentContext: current }),
    contexts: entriesOf(document, file, 'context'),
    clusters: entriesOf(document, file, 'cluster'),
    users: entriesOf(document, file, 'user'),
  };
}

function documentOf(text: string, file: string): Record<string, unknown> {
  if (Buffer.byteLength(text) > maxBytes)
    throw new ConfigError(`${file}: a kubeconfig must be smaller than 1 MiB, but this file is larger`);
  const document = text.trim() === '' ? {} : (parsed(text, file) ?? {});
  if (isMembers(document)) return document;
  throw new ConfigError(`${file}: a kubeconfig must be a map, but this file holds ${kindOf(document)}`);
}

/** Other objects of Kubernetes are YAML too. */
function checkType({ apiVersion, kind }: Record<string, unknown>, file: string): void {
  const isConfig = (kind ?? 'Config') === 'Config' && (apiVersion ?? 'v1') === 'v1';
  if (isConfig) return;
  const type = [apiVersion, kind].filter((each) => each !== undefined && each !== null).map(String);
  throw new ConfigError(
    `${file}: a kubeconfig must be a \`v1 Config\`, but this file holds a ${shown(type.join(' '))}`,
  );
}

function parsed(text: string, file: string): unknown {
  try {
    return load(text, limits);
  } catch (error) {
    const { reason, mark } = error instanceof YAMLException ? error : { reason: messageOf(error), mark: undefined };
    const place = mark ? `${file}:${mark.line + 1}:${mark.column + 1}` : file;
    throw new ConfigError(`${place}: a kubeconfig must be YAML, but: ${reason}`);
  }
}

/** The first entry of a name counts. */
function entriesOf(document: Record<string, unknown>, file: string, kind: string): Entries {
  const list = document[`${kind}s`] ?? [];
  if (!Array.isArray(list)) throw new ConfigError(`${file}: \`${kind}s\` must be a list, but it is ${kindOf(list)}`);
  const entries = new Map<string, Entry>();
  for (const [index, item] of list.entries()) {
    const name: unknown = item?.name;
    const fields: unknown = item?.[kind] ?? {};
    if (typeof name !== 'string' || name === '')
      throw new ConfigError(`${file}: \`${kind}s[${index}]\` must have a text as \`name\`, but has none`);
    if (!isMembers(fields))
      throw new ConfigError(
        `${file}: the ${kind} ${shown(name)} must have a map as \`${kind}\`, but it is ${kindOf(fields)}`,
      );
    if (!entries.has(name)) entries.set(name, { file, title: `the ${kind} ${shown(name)}`, fields });
  }
  return entries;
}

/** As kubectl does: of each name, and of the current context, the first counts. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const merged = (pick: (config: Kubeconfig) => Entries): Entries =>
    new Map(configs.toReversed().flatMap((config) => [...pick(config)]));
  const currentContext = configs.find((config) => config.currentContext !== undefined)?.currentContext;
  return {
    files: configs.flatMap(({ files }) => files),
    ...(currentContext !== undefined && { currentContext }),
    contexts: merged(({ contexts }) => contexts),
    clusters: merged(({ clusters }) => clusters),
    users: merged(({ users }) => users),
  };
}
