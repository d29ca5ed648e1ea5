import type { Cluster, ClusterRequest, ClusterResponse } from './cluster.js';
import { ApiError, NoAnswerError, type Status } from './errors.js';
import { isMembers } from './json.js';

/**
 * Makes the request and parses the answer as a JSON object. Rejects with ApiError from a status of 300 on, for nothing follows a redirect,
 * and with NoAnswerError for what no API server answers.
 */
export async function requestJson<T>(cluster: Cluster, request: ClusterRequest): Promise<T> {
  const response = await cluster.request({ ...request, headers: { accept: 'application/json', ...request.headers } });
  const text = await textOf(response);
  if (response.status >= 300) throw errorOf(response, text);
  return parsed(text, request) as T;
}

function parsed(text: string, { method, path }: ClusterRequest): object {
  const title = `The answer to ${method} ${path} must be`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const fact = text.trim() === '' ? 'is empty' : `is \`${text.slice(0, 100)}\``;
    throw new NoAnswerError(`${title} JSON, but ${fact}${isPage(text) ? advice : ''}`, { cause });
  }
  if (isMembers(value)) return value;
  throw new NoAnswerError(`${title} a JSON object, but is \`${text.slice(0, 100)}\``);
}

const advice = '. hint: check `server` of the cluster: something else than an API server answers there';

/** The whole body as text. */
export async function textOf({ body }: ClusterResponse): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** What a failed answer says; `Retry-After` becomes `details.retryAfterSeconds`. */
export function errorOf(response: ClusterResponse, text: string): ApiError {
  const { status: code, headers } = response;
  const status = statusOf(response, text);
  const seconds = Number(headers['retry-after']);
  const details = {
    ...status.details,
    ...(Number.isFinite(seconds) && headers['retry-after'] && { retryAfterSeconds: seconds }),
  };
  return new ApiError(code, { ...status, ...(Object.keys(details).length > 0 && { details }) });
}

/** Proxies in between answer with text or HTML, or lead elsewhere. */
function statusOf({ status: code, headers }: ClusterResponse, text: string): Status {
  const status = statusIn(text);
  if (status) return status;
  const { location } = headers;
  if (code < 400 && location !== undefined)
    return { message: `the answer has the status ${code}, and leads to ${location.slice(0, 200)}${advice}` };
  if (isPage(text)) return { message: `the answer has the status ${code}, and is a web page${titleOf(text)}` };
  return text.trim() === '' ? {} : { message: text.trim().slice(0, 500) };
}

/** The members of a Status that are what they should be; undefined for anything else. */
function statusIn(text: string): Status | undefined {
  const status = jsonOf(text);
  if (!isMembers(status) || status.kind !== 'Status') return undefined;
  const { message, reason, details } = status;
  return {
    ...(typeof message === 'string' && { message }),
    ...(typeof reason === 'string' && { reason }),
    ...(isMembers(details) && { details: detailsIn(details) }),
  };
}

function detailsIn({ causes, ...rest }: Record<string, unknown>): NonNullable<Status['details']> {
  return { ...rest, ...(Array.isArray(causes) && { causes: causes.filter(isMembers) }) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isPage = (text: string): boolean => /^\s*<(!doctype|html)/i.test(text);

function titleOf(page: string): string {
  const title = /<title>([^<]{1,100})<\/title>/i.exec(page)?.[1]?.trim().replace(/\s+/g, ' ');
  return title ? `: ${title}` : '';
}
