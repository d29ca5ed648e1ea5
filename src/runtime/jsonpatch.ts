import { copyOf, isEqual, isMembers, ownMember, setMember } from './json.js';

/** An operation of RFC 6902; paths are JSON pointers. */
export interface JsonPatchOp {
  op: 'add' | 'remove' | 'replace' | 'test' | 'move' | 'copy';
  path: string;
  value?: unknown;
  from?: string;
}

/** Why a patch cannot be applied. */
export class JsonPatchError extends Error {
  override name = 'JsonPatchError';
}

/**
 * The document with the operations applied in their order. Throws JsonPatchError; then nothing has changed, nor has the argument. As the
 * API server does, and unlike RFC 6902, `replace` adds a member that is missing, and `test` for null takes a missing member for one.
 */
export function applyJsonPatch(document: unknown, operations: readonly JsonPatchOp[]): unknown {
  return operations.reduce(applyOperation, copyOf(document));
}

function applyOperation(document: unknown, operation: JsonPatchOp): unknown {
  const { op, path, value, from = '' } = operation;
  if (op === 'test') return tested(document, path, value);
  if (op === 'remove') return removed(document, path);
  if (op === 'replace') return replaced(document, path, copyOf(value));
  if (op === 'add') return added(document, path, copyOf(value));
  const moved = copyOf(valueAt(document, from));
  if (op === 'copy') return added(document, path, moved);
  if (op === 'move') return added(removed(document, from), path, moved);
  throw new JsonPatchError(`an operation is add, remove, replace, test, move or copy, but it is ${JSON.stringify(op)}`);
}

function tested(document: unknown, path: string, expected: unknown): unknown {
  const [parent, token] = path === '' ? [] : parentOf(document, path);
  const actual =
    token !== undefined && isMembers(parent) ? ownMember(parent, token) : (valueAt(document, path) as unknown);
  if (isEqual(actual ?? null, expected ?? null)) return document;
  throw new JsonPatchError(`testing value ${path} failed`);
}

function replaced(document: unknown, path: string, value: unknown): unknown {
  if (path === '') return value;
  const [parent, token] = parentOf(document, path);
  if (!isMembers(parent)) return added(removed(document, path), path, value);
  setMember(parent, token, value);
  return document;
}

const tokensOf = (path: string): string[] => {
  if (typeof path !== 'string') throw new JsonPatchError('an operation needs a path');
  if (path !== '' && !path.startsWith('/')) throw new JsonPatchError(`a path starts with a slash, but is ${path}`);
  return path
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
};

function valueAt(document: unknown, path: string): unknown {
  return tokensOf(path).reduce((value, token) => memberOf(value, token, path), document);
}

function memberOf(value: unknown, token: string, path: string): unknown {
  if (Array.isArray(value)) return value[indexIn(value, token, value.length - 1, path)];
  if (isMembers(value) && Object.hasOwn(value, token)) return value[token];
  throw new JsonPatchError(`there is nothing at ${path}`);
}

function indexIn(list: readonly unknown[], token: string, last: number, path: string): number {
  const index = token === '-' ? list.length : /^(0|[1-9]\d*)$/.test(token) ? Number(token) : Number.NaN;
  if (index <= last) return index;
  throw new JsonPatchError(`${path} is not a place in a list of ${list.length}`);
}

/** The parent of a place, and the last token of its path. */
function parentOf(document: unknown, path: string): readonly [parent: unknown, token: string] {
  const tokens = tokensOf(path);
  const parent = tokens.slice(0, -1).reduce((value, token) => memberOf(value, token, path), document);
  return [parent, tokens.at(-1)!];
}

function added(document: unknown, path: string, value: unknown): unknown {
  if (path === '') return value;
  const [parent, token] = parentOf(document, path);
  if (Array.isArray(parent)) parent.splice(indexIn(parent, token, parent.length, path), 0, value);
  else if (isMembers(parent)) setMember(parent, token, value);
  else throw new JsonPatchError(`there is nothing to add to at ${path}`);
  return document;
}

function removed(document: unknown, path: string): unknown {
  valueAt(document, path);
  const [parent, token] = parentOf(document, path);
  if (Array.isArray(parent)) parent.splice(Number(token), 1);
  else if (isMembers(parent)) delete parent[token];
  return document;
}
