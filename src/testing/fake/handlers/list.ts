import { ApiError } from '../../../runtime/errors.js';
import { apiVersionOf } from '../../../runtime/resource.js';
import type { Answer, Call } from '../call.js';
import { presentList } from '../present.js';
import { badRequest, expired } from '../status.js';
import type { Stored } from '../store.js';
import { selected } from './select.js';

/** Where a list goes on: at the version of its first page, after a key. */
interface Token {
  readonly version: number;
  readonly after: string;
}

export function list(call: Call): Answer {
  const { store } = call.server;
  const { limit = '', continue: text = '', resourceVersion = '' } = call.query;
  const token = text === '' ? undefined : readToken(text);
  if (!token) checkVersion(resourceVersion, store.version());
  const version = token?.version ?? exactVersion(call) ?? store.version();
  const matching = objectsAt(call, version)
    .filter(selected(call))
    .filter(({ key }) => !token || key > token.after);
  const page = Number(limit) > 0 ? matching.slice(0, Number(limit)) : matching;
  const items = page.map(({ object }) => ({ ...object, apiVersion: apiVersionOf(call.kind.resource) }));
  return { status: 200, body: presentList(call, items, metadataOf(call, version, page, matching.length)) };
}

function objectsAt(call: Call, version: number): readonly Stored[] {
  const { store } = call.server;
  if (version === store.version()) return store.list(call.kind.storage);
  try {
    return store.list(call.kind.storage, version);
  } catch (error) {
    if (!(error instanceof ApiError && error.isGone)) throw error;
    throw expired('The provided continue parameter is too old to display a consistent list result.');
  }
}

const exactVersion = ({ query }: Call): number | undefined =>
  query.resourceVersionMatch === 'Exact' && query.resourceVersion ? Number(query.resourceVersion) : undefined;

function metadataOf({ query }: Call, version: number, page: readonly Stored[], count: number): object {
  const last = page.at(-1);
  const left = count - page.length;
  if (left === 0 || !last) return { resourceVersion: String(version) };
  return {
    resourceVersion: String(version),
    continue: Buffer.from(JSON.stringify({ version, after: last.key } satisfies Token)).toString('base64url'),
    ...(!query.labelSelector && !query.fieldSelector && { remainingItemCount: left }),
  };
}

function readToken(text: string): Token {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (typeof token.version === 'number' && typeof token.after === 'string') return token;
  } catch {
    // Not one of ours.
  }
  throw badRequest('invalid continue token: continue key is not valid');
}

/** Refuses versions that are no number, and those that are still to come. */
export function checkVersion(text: string, current: number): void {
  if (!/^\d*$/.test(text)) {
    const value = JSON.stringify(text);
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${value}: strconv.ParseUint: parsing ${value}: invalid syntax`,
    );
  }
  if (Number(text) <= current) return;
  throw new ApiError(504, {
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${text}, current: ${current}`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  });
}
