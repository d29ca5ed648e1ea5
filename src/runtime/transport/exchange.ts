import {
  type ClientRequest,
  type Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { ClusterRequest } from '../cluster.js';
import type { Credentials } from './endpoint.js';

export interface Exchange {
  readonly url: URL;
  readonly credentials: Credentials;
  readonly agent: HttpAgent;
  /** How long the headers of the answer may take; undefined: as long as they like. */
  readonly timeout?: number;
}

/** An error whose connection was an old one that the server had closed in the meantime: the request never arrived. */
export const isStale = (error: unknown): boolean => staleErrors.has(error as Error);

const staleErrors = new WeakSet<Error>();

/** Sends one request and waits for the headers of its answer. Rejects with the reason of the signal, or why there is no answer. */
export function exchange(request: ClusterRequest, { url, credentials, agent, timeout }: Exchange) {
  const { method, body, signal } = request;
  return new Promise<IncomingMessage>((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = headersOf(request, credentials);
    const sent = send(url, { method, headers, agent, ...credentials.tls });
    let answer: IncomingMessage | undefined;
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      if (!answer) release();
      reject(error);
    };
    /** A request that still waits for a connection tells nobody that it is destroyed. */
    const end = (error: unknown): void => {
      (answer ?? sent).destroy(new Error('aborted'));
      fail(error);
    };
    const timer = timeout === undefined ? undefined : setTimeout(() => end(timedOut(timeout)), timeout);
    const release = onAbort(signal, () => end(signal?.reason));
    sent.once('response', (message) => {
      clearTimeout(timer);
      answer = message.on('error', () => {}).once('close', release);
      resolve(message);
    });
    sent.once('upgrade', (_message, socket: Socket) => {
      socket.destroy();
      fail(new Error('it answers in another protocol, which nobody asked for'));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) staleErrors.add(error);
      fail(signal?.aborted ? signal.reason : error);
    });
    sent.once('close', () => fail(new Error('the connection ends without an answer')));
    const leave = (): void => {
      try {
        request.beforeSend?.();
        sent.end(body);
      } catch (error) {
        sent.destroy();
        fail(error);
      }
    };
    if (request.beforeSend) onConnection(sent, leave);
    else sent.end(body);
  });
}

/** Calls `ready` in the turn in which what is written leaves: before, the bytes would wait in the process. */
function onConnection(sent: ClientRequest, ready: () => void): void {
  sent.once('socket', (socket: Socket & { secureConnecting?: boolean }) => {
    if (socket.secureConnecting) socket.once('secureConnect', ready);
    else if (socket.connecting) socket.once('connect', ready);
    else ready();
  });
}

function headersOf({ headers, body }: ClusterRequest, credentials: Credentials): OutgoingHttpHeaders {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  return { 'user-agent': 'opgen', ...credentials.headers, ...headers, ...length };
}

function timedOut(milliseconds: number): Error {
  return Object.assign(new Error(`no answer within ${milliseconds / 1000} seconds`), { code: 'ETIMEDOUT' });
}

/** Gives the function that stops listening. */
function onAbort(signal: AbortSignal | undefined, end: () => void): () => void {
  signal?.addEventListener('abort', end, { once: true });
  return () => signal?.removeEventListener('abort', end);
}
