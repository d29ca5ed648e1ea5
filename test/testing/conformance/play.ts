import type { Cluster } from '../../../src/runtime/cluster.js';
import { textOf } from '../../../src/runtime/request.js';
import { createNormal } from './normal.js';
import type { Json, Request, Scenario } from './scenario.js';

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly warning?: string;
}

/** One answer in a form that depends neither on the moment nor on the server. */
export interface Seen {
  readonly request: string;
  readonly status: number;
  readonly warning?: string;
  readonly body: unknown;
}

/** Plays a scenario in a namespace of its own, which is created before. `forget`: see `Scenario.forgets`. */
export async function play(
  cluster: Cluster,
  { steps, forgets }: Scenario,
  { namespace, forget }: { namespace: string; forget?: () => void },
): Promise<readonly Seen[]> {
  await send(cluster, namespace, {
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { metadata: { name: namespace } },
  });
  const answers: Json[] = [];
  const seen: Seen[] = [];
  const normal = createNormal(namespace);
  for (const [index, step] of steps.entries()) {
    if (forgets && index === steps.length - 1) forget?.();
    const r = typeof step === 'function' ? step(answers) : step;
    const { status, text, warning } = await send(cluster, namespace, r);
    const body = bodyOf(r, text);
    answers.push(body);
    const request = `${r.method} ${r.path.replace(/(resourceVersion=\d{2,}|continue=\w{10,})[^&]*/g, (text) => text.replace(/=.*/, '=…'))}`;
    seen.push({ request, status, ...(warning && { warning }), body: normal(body) });
  }
  return seen;
}

function bodyOf({ path }: Request, text: string): Json {
  try {
    if (!path.includes('watch=')) return JSON.parse(text);
    const lines = text.split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line)).filter(isTold);
  } catch {
    return text.includes('404 page not found') ? '<plain text>' : text.trim();
  }
}

/** Bookmarks come when the server likes, except for the one that ends the initial events. */
const isTold = ({ type, object }: Json): boolean => type !== 'BOOKMARK' || object.metadata.annotations !== undefined;

async function send(cluster: Cluster, namespace: string, r: Request): Promise<Reply> {
  const { pathname, searchParams } = new URL(r.path.replaceAll('my-space', namespace), 'http://localhost');
  const text = r.body === undefined ? undefined : JSON.stringify(r.body).replaceAll('my-space', namespace);
  const answer = await cluster.request({
    method: r.method,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: {
      accept: r.accept ?? 'application/json',
      'user-agent': 'conformance/1',
      ...(text !== undefined && { 'content-type': r.type ?? 'application/json' }),
    },
    ...(text !== undefined && { body: text }),
  });
  const { warning } = answer.headers;
  return { status: answer.status, text: await textOf(answer), ...(warning && { warning }) };
}
