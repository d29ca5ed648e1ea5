import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { reconcileChannel, requestChannel } from '../../src/runtime/index.js';
import { createManager } from '../../src/runtime/manager/index.js';
import { traced } from '../../src/runtime/trace.js';
import { createTransport } from '../../src/runtime/transport/index.js';
import { fakeCluster } from '../../src/testing/fake/index.js';
import { serve } from '../support/api-server.js';
import { recordingLogger } from '../support/log.js';
import { Widget, widget } from '../support/widget.js';

/** The messages of a channel until the test is over. */
function heard(channel: string): object[] {
  const messages: object[] = [];
  const listener = (message: unknown): void => void messages.push({ ...(message as object) });
  subscribe(channel, listener);
  onTestFinished(() => void unsubscribe(channel, listener));
  return messages;
}

describe('the channels of node:diagnostics_channel', () => {
  test('tell of every reconcile, and how it ended', async () => {
    const [starts, ends, errors] = ['start', 'asyncEnd', 'error'].map((name) =>
      heard(`tracing:opgen:reconcile:${name}`),
    );
    const manager = createManager({
      cluster: fakeCluster({ objects: [widget('a')], resources: [Widget] }),
      log: recordingLogger().log,
    });
    let failures = 1;
    manager.add({
      for: Widget,
      async reconcile() {
        if (failures-- > 0) throw new Error('not yet');
        return { requeueAfter: 60_000 };
      },
    });
    const stop = new AbortController();
    const ended = manager.start(stop.signal);
    await vi.waitFor(() => expect(ends).toHaveLength(2));
    stop.abort();
    await ended;
    const about = { controller: 'widget', group: 'test.example.com', kind: 'Widget', namespace: 'default', name: 'a' };
    expect(starts).toEqual(
      [about, about].map((each) => ({ ...each, reconcileID: expect.stringMatching(/^[0-9a-f-]{36}$/) })),
    );
    expect(errors).toMatchObject([{ ...about, error: new Error('not yet') }]);
    expect(ends?.[1]).toMatchObject({ ...about, result: { requeueAfter: 60_000 } });
  });

  test('tell of every request', async () => {
    const { url } = await serve((_request, response) => void response.writeHead(404).end('{}'));
    const ends = heard('tracing:opgen:request:asyncEnd');
    const transport = createTransport({
      server: url,
      trust: 'none',
      credentials: async () => ({ tls: {}, headers: {} }),
    });
    onTestFinished(transport.close);
    await transport.request({ method: 'GET', path: '/api/v1/pods' });
    expect(ends).toMatchObject([{ method: 'GET', path: '/api/v1/pods', server: url, result: { status: 404 } }]);
  });

  test('cost nothing without a subscriber', async () => {
    const spy = vi.spyOn(reconcileChannel, 'tracePromise');
    const about = { controller: 'c', group: '', kind: 'K', name: 'n', reconcileID: 'r' };
    expect(await traced(reconcileChannel, about, async () => 1)).toBe(1);
    expect(spy).not.toHaveBeenCalled();
    heard('tracing:opgen:reconcile:error');
    expect(await traced(reconcileChannel, about, async () => 2)).toBe(2);
    expect(spy).toHaveBeenCalledOnce();
    expect(requestChannel.start.hasSubscribers).toBe(false);
  });
});
