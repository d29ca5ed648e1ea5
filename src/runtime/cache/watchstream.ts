import { isMembers } from '../json.js';
import { messageOf } from '../log.js';
import type { K8sObject } from '../resource.js';

/** One line of a watch. */
export interface WatchEvent {
  /** `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`. */
  readonly type: string;
  /** The object; of a bookmark only its resource version counts; of an error it is a Status. */
  readonly object: K8sObject;
}

/** The stream of a watch is of no more use; another watch goes on from the last resource version. */
export class BrokenWatch extends Error {
  override name = 'BrokenWatch';
}

/**
 * The events of a watch, in order, those of a piece of the stream together: to wait for each one would cost as much as to read it.
 *
 * Guarantees: bytes become text a line at a time, so characters and lines may be split anywhere; a line has no greatest length. What
 * breaks the stream, such as a bad line, a line that is cut off or a reset connection, throws BrokenWatch after all events before it.
 */
export async function* watchEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Iterable<WatchEvent>, void, undefined> {
  try {
    for await (const lines of linesOf(body)) yield eventsOf(lines);
  } catch (error) {
    throw error instanceof BrokenWatch ? error : new BrokenWatch(messageOf(error), { cause: error });
  }
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[], void, undefined> {
  let parts: Uint8Array[] = [];
  for await (const chunk of body) {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(lineBreak); end >= 0; end = chunk.indexOf(lineBreak, start)) {
      parts.push(chunk.subarray(start, end));
      lines.push(textOf(parts));
      parts = [];
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (parts.length > 0) throw new BrokenWatch('the stream ended in the middle of an event');
}

function* eventsOf(lines: readonly string[]): Iterable<WatchEvent> {
  for (const line of lines) if (line.trim() !== '') yield eventOf(line);
}

const lineBreak = 0x0a;

function textOf(parts: readonly Uint8Array[]): string {
  const [only] = parts;
  const bytes = parts.length === 1 && only ? only : Buffer.concat(parts);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function eventOf(line: string): WatchEvent {
  const event = parsed(line);
  if (!isMembers(event) || typeof event.type !== 'string' || !isMembers(event.object))
    throw new BrokenWatch('a line of the stream is not an event');
  return { type: event.type, object: event.object };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new BrokenWatch('a line of the stream is not JSON');
  }
}
