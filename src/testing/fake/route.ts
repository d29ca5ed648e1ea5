import type { ClusterRequest } from '../../runtime/cluster.js';
import { ApiError } from '../../runtime/errors.js';
import { parsePath } from '../../runtime/path.js';
import type { Answer, Call, ObjectCall, Server, Verb } from './call.js';
import { checkOptions } from './decode.js';
import { create } from './handlers/create.js';
import { remove, removeAll } from './handlers/delete.js';
import { get } from './handlers/get.js';
import { list } from './handlers/list.js';
import { checkListOptions } from './handlers/listoptions.js';
import { patch } from './handlers/patch.js';
import { evict, scale } from './handlers/subresources.js';
import { update } from './handlers/update.js';
import { watch } from './handlers/watch.js';
import type { ServedKind } from './kinds.js';
import { checkAccept } from './present.js';
import { badRequest, methodNotAllowed, noSuchPath, notFound } from './status.js';

/** The request as a call about a kind. Throws NotFound for paths that are not served. */
export function callOf(server: Server, request: ClusterRequest): Call {
  const { path, query = {}, headers = {}, body = '', signal } = request;
  const at = pathOf(path);
  const kind = at && server.kinds.find(at.group, at.version, at.plural);
  if (!at || !kind) throw noSuchPath(at ? hintFor(at) : '');
  const { namespace, name, subresource } = at;
  if (namespace !== undefined && !kind.resource.namespaced) throw noSuchPath();
  if (namespace === undefined && name !== undefined && kind.resource.namespaced) throw noSuchPath();
  return {
    server,
    kind,
    verb: verbOf(kind, request, name),
    query,
    headers: lowerCased(headers),
    body,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
    ...(signal && { signal }),
  };
}

function pathOf(path: string) {
  try {
    return parsePath(path);
  } catch {
    throw badRequest('the path of the request is not encoded correctly');
  }
}

const hintFor = ({ group, version, plural }: { group: string; version: string; plural: string }): string =>
  ` (fakeCluster serves built-in kinds and those of \`crds\` and \`resources\`, but none of them is \`${plural}\` of ` +
  `\`${group === '' ? version : `${group}/${version}`}\`)`;

const lowerCased = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function verbOf(kind: ServedKind, { method, query = {} }: ClusterRequest, name: string | undefined): Verb {
  const isCollection = name === undefined;
  switch (method) {
    case 'GET':
      if (!isCollection) return 'get';
      return query.watch === 'true' || query.watch === '1' ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'DELETE':
      return isCollection ? 'deletecollection' : 'delete';
    case 'PUT':
    case 'PATCH':
      if (isCollection) throw badRequest('name must be provided');
      return method === 'PUT' ? 'update' : 'patch';
    default:
      throw methodNotAllowed(kind.resource, method.toLowerCase());
  }
}

/**
 * Answers the call. Throws ApiError: what the handlers do not expect, such as labels that are a number, becomes an
 * internal error.
 */
export function handle(call: Call): Answer {
  try {
    checkOptions(call);
    checkAccept(call);
    return dispatch(call);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(500, { reason: 'InternalError', message: `Internal error occurred: ${String(error)}` });
  }
}

function dispatch(call: Call): Answer {
  if (call.verb === 'create' && isObjectCall(call) && call.subresource === undefined) return create(call);
  if (isObjectCall(call)) return call.subresource === undefined ? ofObject(call) : ofSubresource(call);
  checkListOptions(call);
  if (call.verb === 'list') return list(call);
  if (call.verb === 'watch') return watch(call);
  if (call.verb === 'deletecollection') return removeAll(call);
  if (call.verb === 'create' && (call.namespace !== undefined || !call.kind.resource.namespaced)) return create(call);
  throw noSuchPath();
}

const isObjectCall = (call: Call): call is ObjectCall => call.name !== undefined;

function ofObject(call: ObjectCall): Answer {
  switch (call.verb) {
    case 'get':
      return get(call);
    case 'update':
      return update(call);
    case 'patch':
      return patch(call);
    case 'delete':
      return remove(call);
    default:
      throw methodNotAllowed(call.kind.resource, call.verb);
  }
}

function ofSubresource(call: ObjectCall): Answer {
  const { kind, subresource, verb } = call;
  if (subresource === 'status' && kind.splitStatus && verb === 'delete') throw methodNotAllowed(kind.resource, verb);
  if (subresource === 'status' && kind.splitStatus) return ofObject(call);
  if (subresource === 'scale' && kind.scale) return scale(call, kind.scale);
  if (subresource === 'eviction' && kind.storage === '/pods' && verb === 'create') return evict(call);
  throw kind.custom ? notFound(kind.resource, call.name) : noSuchPath();
}
