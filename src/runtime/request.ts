import type { Cluster, ClusterRequest, ClusterResponse } from './cluster.js';
import { ApiError, type Status } from './errors.js';

/** Makes the request and parses the answer as JSON. Rejects with ApiError from a status of 300 on: nothing follows a redirect. */
export async function requestJson<T>(cluster: Cluster, request: ClusterRequest): Promise<T> {
  const response = await cluster.request({ ...request, headers: { accept: 'application/json', ...request.headers } });
  const text = await textOf(response);
  if (response.status >= 300) throw errorOf(response, text);
  return parsed(text, request) as T;
}

function parsed(text: string, { method, path }: ClusterRequest): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`The answer to ${method} ${path} must be JSON, but is \`${text.slice(0, 100)}\``, { cause });
  }
}

/** The whole body as text. */
export async function textOf({ body }: ClusterResponse): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** What a failed answer says; `Retry-After` becomes `details.retryAfterSeconds`. */
export function errorOf({ status: code, headers }: ClusterResponse, text: string): ApiError {
  const status = statusOf(text);
  const seconds = Number(headers['retry-after']);
  const details = {
    ...status.details,
    ...(Number.isFinite(seconds) && headers['retry-after'] && { retryAfterSeconds: seconds }),
  };
  return new ApiError(code, { ...status, ...(Object.keys(details).length > 0 && { details }) });
}

/** Proxies in between answer with text or HTML. */
function statusOf(text: string): Status {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'kind' in parsed && parsed.kind === 'Status')
      return parsed as Status;
  } catch {
    // Not JSON: the text itself is the message.
  }
  return text.trim() === '' ? {} : { message: text.trim().slice(0, 500) };
}
