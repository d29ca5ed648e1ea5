import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BrokenWatch, type WatchEvent, watchEvents } from '../../../src/runtime/cache/watchstream.js';

async function* body(chunks: readonly Uint8Array[], end?: Error): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (end) throw end;
}

/** The events, and what the stream ends with. */
async function read(chunks: readonly (Uint8Array | string)[], end?: Error) {
  const events: WatchEvent[] = [];
  try {
    const bytes = chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
    for await (const some of watchEvents(body(bytes, end))) for (const event of some) events.push(event);
    return { events };
  } catch (error) {
    return { events, error };
  }
}

const event = (note: string) => ({ type: 'ADDED', object: { metadata: { name: 'a' }, spec: { note } } });
const line = (note: string): string => `${JSON.stringify(event(note))}\n`;

describe('watchEvents', () => {
  test('events do not depend on where the bytes are split', async () => {
    const notes = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 5 });
    const sizes = fc.infiniteStream(fc.integer({ min: 1, max: 40 }));
    await fc.assert(
      fc.asyncProperty(notes, sizes, async (given, lengths) => {
        const bytes = Buffer.from(given.map(line).join(''));
        const chunks: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += chunks.at(-1)!.length)
          chunks.push(bytes.subarray(at, at + lengths.next().value));
        expect(await read(chunks)).toEqual({ events: given.map(event) });
      }),
      { numRuns: 200 },
    );
  });

  test('a character may be split between chunks', async () => {
    const bytes = Buffer.from(line('Größe 🚀'));
    expect(await read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual({ events: [event('Größe 🚀')] });
  });

  test('a line may be longer than 1 MB', async () => {
    const note = 'x'.repeat(3_000_000);
    const bytes = Buffer.from(line(note));
    const chunks = Array.from({ length: 50 }, (_, at) => bytes.subarray(at * 65_536, (at + 1) * 65_536));
    expect((await read(chunks)).events).toEqual([event(note)]);
  });

  test('empty lines are passed over', async () => {
    expect(await read(['\n', line('a'), '\r\n\n', line('b')])).toEqual({ events: [event('a'), event('b')] });
  });

  test.each([
    ['a line that is not JSON', [line('a'), '{oops}\n', line('b')], 'a line of the stream is not JSON'],
    ['a line that is no event', [line('a'), '{"type":"ADDED"}\n'], 'a line of the stream is not an event'],
    ['an end within a line', [line('a'), line('b').slice(0, 9)], 'the stream ended in the middle of an event'],
  ])('%s breaks the watch, after the events before it', async (_, chunks, message) => {
    expect(await read(chunks)).toEqual({ events: [event('a')], error: new BrokenWatch(message) });
  });

  test('a connection that breaks breaks the watch, with the reason', async () => {
    const reset = new Error('read ECONNRESET');
    const { events, error } = await read([line('a')], reset);
    expect(events).toEqual([event('a')]);
    expect(error).toBeInstanceOf(BrokenWatch);
    expect(error).toMatchObject({ message: 'read ECONNRESET', cause: reset });
  });
});
