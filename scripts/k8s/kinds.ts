import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientNode, splitType } from './models.js';

export interface Kind {
  /** '' for core. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** client-node's name: `V1Deployment`. */
  readonly type: string;
  /** `V1DeploymentList`, where the kind can be listed. */
  readonly list?: string;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly returns: string;
}

/** The kinds that have a path of their own, sorted by group, version and kind. */
export function readKinds(): Kind[] {
  const calls = apis().flatMap((api) => readCalls(readFileSync(join(clientNode, 'gen/apis', `${api}.js`), 'utf8')));
  const kinds = new Map<string, Kind>();
  for (const call of calls) {
    const kind = kindOf(call, calls);
    if (kind) kinds.set(kind.type, kind);
  }
  return [...kinds.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey(kind: Kind): string {
  return `${kind.group} ${kind.version} ${kind.kind}`;
}

/** The folder of APIs has leftovers of older releases; the client's own list has none. */
function apis(): string[] {
  const text = readFileSync(join(clientNode, 'gen/types/ObservableAPI.js'), 'utf8');
  return Array.from(text.matchAll(/from "\.\.\/apis\/(\w+Api)\.js"/g), (match) => match[1]!)
    .filter((api) => api !== 'CustomObjectsApi')
    .sort();
}

/** Each method stands twice: `readX` makes the request, `readXWithHttpInfo` the result. */
function readCalls(text: string): Call[] {
  const methods = new Map(
    text.split('\n    async ').map((method) => [/^\w+/.exec(method)?.[0] ?? '', method] as const),
  );
  return Array.from(methods, ([name, request]) => ({
    method: /HttpMethod\.(\w+)/.exec(request)?.[1] ?? '',
    path: /const localVarPath = '([^']+)'/.exec(request)?.[1] ?? '',
    returns: /deserialize\(.*, "(\w+)", ""\)/.exec(methods.get(`${name}WithHttpInfo`) ?? '')?.[1] ?? '',
  })).filter((call) => call.path !== '' && call.returns !== '');
}

/** What creates or reads one object names the kind; the former is missing for component statuses, the latter for reviews. */
function kindOf(call: Call, calls: readonly Call[]): Kind | undefined {
  const pattern = /^\/apis?(?:\/([^/{]+))?\/(v\d\w*)\/(namespaces\/\{namespace\}\/)?([a-z]+)(\/\{name\})?$/;
  const [, group = '', version, namespaced, plural, name] = pattern.exec(call.path) ?? [];
  if (!version || !plural || call.method !== (name ? 'GET' : 'POST')) return undefined;
  const collection = name ? call.path.slice(0, -name.length) : call.path;
  const list = calls.find((other) => other.method === 'GET' && other.path === collection)?.returns;
  const kind = { group, version, kind: splitType(call.returns).name, plural, namespaced: Boolean(namespaced) };
  return { ...kind, type: call.returns, ...(list && { list }) };
}
