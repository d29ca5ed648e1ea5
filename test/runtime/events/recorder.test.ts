import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRecorder } from '../../../src/runtime/events/recorder.js';
import { createLogger, silentLogger } from '../../../src/runtime/log.js';
import { failure, notFound, type Sent, scriptedCluster } from '../../support/scripted.js';

const about = {
  apiVersion: 'demo.example.com/v1',
  kind: 'Thing',
  metadata: { name: 'x', namespace: 'd', uid: 'u', resourceVersion: '7' },
};
const scaled = { type: 'Normal', reason: 'Scaled', action: 'Scale', note: 'to 3' } as const;
const minute = 60_000;

beforeEach(() => vi.useFakeTimers({ now: new Date('2030-01-02T03:04:05.678Z') }));
afterEach(() => vi.useRealTimers());

/** A recorder with what it sent and logged. */
function recorderFor(answer: Parameters<typeof scriptedCluster>[0] = () => ({}), options: object = {}) {
  const cluster = scriptedCluster(answer);
  const lines: { level: string; message: string }[] = [];
  const log = createLogger({ level: 'debug', write: (line) => void lines.push(JSON.parse(line)) });
  const recorder = createRecorder({ cluster, controller: 'thing', log, instance: 'thing-1', ...options });
  return { recorder, requests: cluster.requests, lines };
}

/** Lets what is under way go on, without time passing. */
const settle = () => vi.advanceTimersByTimeAsync(0);

const bodyOf = (request: Sent | undefined) => request?.body as Record<string, unknown> & { metadata: { name: string } };

describe('an event', () => {
  test('has all that events.k8s.io/v1 asks for', async () => {
    const { recorder, requests } = recorderFor();
    const related = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'dep', namespace: 'd' } };
    recorder.emit(about, { ...scaled, related });
    await settle();
    expect(requests).toMatchObject([{ method: 'POST', path: '/apis/events.k8s.io/v1/namespaces/d/events' }]);
    expect(bodyOf(requests[0])).toEqual({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: expect.stringMatching(/^x\.[0-9a-f]{16}$/), namespace: 'd' },
      eventTime: '2030-01-02T03:04:05.678000Z',
      reportingController: 'thing',
      reportingInstance: 'thing-1',
      ...scaled,
      regarding: {
        apiVersion: 'demo.example.com/v1',
        kind: 'Thing',
        name: 'x',
        namespace: 'd',
        uid: 'u',
        resourceVersion: '7',
      },
      related: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'dep', namespace: 'd' },
    });
  });

  test('of an object of the cluster is in the namespace default, and its name suits an event', async () => {
    const { recorder, requests } = recorderFor();
    recorder.emit({ apiVersion: 'v1', kind: 'ClusterRole', metadata: { name: 'system:node' } }, scaled);
    recorder.emit(
      { apiVersion: 'v1', kind: 'Node', metadata: { name: `${'n'.repeat(235)}.${'m'.repeat(17)}` } },
      scaled,
    );
    await settle();
    expect(requests.map(({ path }) => path)).toEqual(Array(2).fill('/apis/events.k8s.io/v1/namespaces/default/events'));
    expect(bodyOf(requests[0]).metadata.name).toMatch(/^clusterrole\.[0-9a-f]{16}$/);
    expect(bodyOf(requests[1]).metadata.name).toMatch(/^n{235}\.[0-9a-f]{16}$/);
  });

  test('is cut to the limits, without half a character', async () => {
    const { recorder, requests } = recorderFor(undefined, { controller: 'c'.repeat(200), instance: 'i'.repeat(200) });
    recorder.emit(about, {
      type: 'Warning',
      reason: 'R'.repeat(200),
      action: 'A'.repeat(200),
      note: `a${'é'.repeat(600)}`,
    });
    await settle();
    const body = bodyOf(requests[0]);
    const names = ['reason', 'action', 'reportingController', 'reportingInstance'].map(
      (each) => String(body[each]).length,
    );
    expect(names).toEqual([128, 128, 128, 128]);
    expect(body.note).toBe(`a${'é'.repeat(511)}`);
  });

  test.each([
    ['no kind', { ...about, kind: '' }],
    ['no apiVersion', { kind: 'Thing', metadata: about.metadata }],
    ['no name', { apiVersion: 'v1', kind: 'Thing' }],
  ])('about an object with %s is dropped, with a line at debug', async (_what, object) => {
    const { recorder, requests, lines } = recorderFor();
    recorder.emit(object, scaled);
    await settle();
    expect(requests).toEqual([]);
    expect(lines).toMatchObject([{ level: 'debug', message: expect.stringContaining('needs an object') }]);
  });

  test('that is rubbish does not throw, even with a logger that does', () => {
    const fail = () => {
      throw new Error('no log');
    };
    const { recorder } = recorderFor(undefined, { log: { ...silentLogger, debug: fail, error: fail } });
    expect(() => recorder.emit(undefined as never, scaled)).not.toThrow();
    expect(() => recorder.emit({}, undefined as never)).not.toThrow();
    expect(() => recorder.emit(about, { type: 'Normal' } as never)).not.toThrow();
  });
});

describe('equal events', () => {
  test('are one series: a patch with count 2, and then only counted', async () => {
    const { recorder, requests } = recorderFor();
    for (let count = 0; count < 5; count++) {
      recorder.emit({ ...about, metadata: { ...about.metadata, resourceVersion: String(count) } }, scaled);
      await vi.advanceTimersByTimeAsync(1000);
    }
    const { name } = bodyOf(requests[0]).metadata;
    expect(requests.slice(1)).toMatchObject([
      {
        method: 'PATCH',
        path: `/apis/events.k8s.io/v1/namespaces/d/events/${name}`,
        headers: { 'content-type': 'application/merge-patch+json' },
        body: { series: { count: 2, lastObservedTime: '2030-01-02T03:04:06.678000Z' } },
      },
    ]);
  });

  test('that is under way when the recorder stops is not sent again as a series of one', async () => {
    let answer = (): void => undefined;
    const { recorder, requests } = recorderFor(async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return {};
    });
    recorder.emit(about, scaled);
    await settle();
    const stopped = recorder.stop();
    answer();
    await settle();
    await stopped;
    expect(requests.map(({ method }) => method)).toEqual(['POST']);
  });

  test('of a series that ends are counted to the last', async () => {
    const { recorder, requests } = recorderFor();
    for (let count = 0; count < 5; count++) {
      recorder.emit(about, scaled);
      await vi.advanceTimersByTimeAsync(1000);
    }
    await vi.advanceTimersByTimeAsync(8 * minute);
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH']);
    expect(bodyOf(requests[2])).toEqual({ series: { count: 5, lastObservedTime: '2030-01-02T03:04:09.678000Z' } });
    recorder.emit(about, scaled);
    await settle();
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH', 'POST']);
  });

  test('of a series that goes on are sent every 30 minutes', async () => {
    const { recorder, requests } = recorderFor();
    for (let passed = 0; passed < 65; passed++) {
      recorder.emit(about, scaled);
      await vi.advanceTimersByTimeAsync(minute);
    }
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH', 'PATCH']);
  });

  test.each([
    ['reason', about, { ...scaled, reason: 'Other' }],
    ['action', about, { ...scaled, action: 'Other' }],
    ['type', about, { ...scaled, type: 'Warning' as const }],
    ['object', { ...about, metadata: { ...about.metadata, uid: 'other' } }, scaled],
    ['related object', about, { ...scaled, related: about }],
  ])('differ with the %s', async (_what, object, event) => {
    const { recorder, requests } = recorderFor();
    recorder.emit(about, scaled);
    recorder.emit(object, event);
    await settle();
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
  });

  test('whose event has expired make a new one', async () => {
    const { recorder, requests } = recorderFor(({ method }) => (method === 'PATCH' ? notFound : {}));
    recorder.emit(about, scaled);
    await settle();
    recorder.emit(about, scaled);
    await settle();
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'POST']);
    expect(bodyOf(requests[2])).toMatchObject({ series: { count: 2 }, reason: 'Scaled' });
  });
});

describe('failures', () => {
  test('no answer, 429 and 5xx are tried again after 7.5 to 12.5 seconds', async () => {
    const answers = [
      () => Promise.reject(new Error('reset')),
      () => failure(429, 'TooManyRequests'),
      () => failure(500, 'InternalError'),
    ];
    const { recorder, requests, lines } = recorderFor((_request, index) => answers[index]?.() ?? {});
    recorder.emit(about, scaled);
    await vi.advanceTimersByTimeAsync(7499);
    expect(requests.length).toBe(1);
    await vi.advanceTimersByTimeAsync(12_500 - 7499);
    expect(requests.length).toBe(2);
    await vi.advanceTimersByTimeAsync(minute);
    expect(requests.length).toBe(4);
    expect(lines).toEqual([]);
  });

  test('are given up after 12 tries', async () => {
    const { recorder, requests, lines } = recorderFor(() => failure(503, 'ServiceUnavailable'));
    recorder.emit(about, scaled);
    await vi.advanceTimersByTimeAsync(5 * minute);
    expect(requests.length).toBe(12);
    expect(lines).toMatchObject([{ level: 'error', message: expect.stringContaining('An event cannot be written') }]);
  });

  test('keep no other events waiting, and equal ones are counted meanwhile', async () => {
    const { recorder, requests } = recorderFor(({ method, body }, index) =>
      method === 'POST' && (body as { reason: string }).reason === 'Scaled' && index < 3
        ? failure(500, 'InternalError')
        : {},
    );
    recorder.emit(about, scaled);
    await settle();
    recorder.emit(about, { ...scaled, reason: 'Other' });
    recorder.emit(about, scaled);
    recorder.emit(about, scaled);
    await settle();
    expect(requests.map((each) => bodyOf(each).reason)).toEqual(['Scaled', 'Other']);
    await vi.advanceTimersByTimeAsync(minute);
    expect(requests.slice(2).map((each) => [bodyOf(each).reason, bodyOf(each).series])).toEqual([
      ['Scaled', { count: 3, lastObservedTime: expect.any(String) }],
      ['Scaled', { count: 3, lastObservedTime: expect.any(String) }],
    ]);
  });

  test('what is refused is not tried again; the first of a row is logged as an error', async () => {
    const { recorder, requests, lines } = recorderFor((_request, index) =>
      index < 3 ? failure(403, 'Forbidden') : {},
    );
    for (const reason of ['A', 'B', 'C', 'D']) recorder.emit(about, { ...scaled, reason });
    await vi.advanceTimersByTimeAsync(minute / 2);
    expect(requests.length).toBe(4);
    expect(lines.map(({ level }) => level)).toEqual(['error', 'debug', 'debug']);
  });

  test('an event in a namespace that is being deleted is no error', async () => {
    const details = { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] };
    const { recorder, lines } = recorderFor(() => ({ status: 403, body: { kind: 'Status', code: 403, details } }));
    recorder.emit(about, scaled);
    await settle();
    expect(lines.map(({ level }) => level)).toEqual(['debug']);
  });

  test('an event that exists already has been sent', async () => {
    const { recorder, lines } = recorderFor(() => failure(409, 'AlreadyExists'));
    recorder.emit(about, scaled);
    await settle();
    expect(lines).toEqual([]);
  });

  test('1000 events wait for their next try, and further ones are dropped', async () => {
    const { recorder, requests, lines } = recorderFor(() => failure(503, 'ServiceUnavailable'));
    for (let index = 0; index < 1005; index++) {
      recorder.emit(about, { ...scaled, reason: `R${index}` });
      await settle();
    }
    expect(requests.length).toBe(1000);
    expect(lines.filter(({ message }) => message.startsWith('An event is dropped')).length).toBe(5);
  });

  test('1000 events wait, and further ones are dropped', async () => {
    const { recorder, requests, lines } = recorderFor(() => new Promise(() => {}));
    for (let index = 0; index < 1005; index++) recorder.emit(about, { ...scaled, reason: `R${index}` });
    await settle();
    expect(requests.length).toBe(1);
    expect(lines.filter(({ message }) => message.startsWith('An event is dropped')).length).toBe(5);
  });
});

describe('stop', () => {
  test('sends what is left, with the counts', async () => {
    const { recorder, requests } = recorderFor();
    for (let count = 0; count < 3; count++) {
      recorder.emit(about, scaled);
      await settle();
    }
    recorder.emit(about, { ...scaled, reason: 'Last' });
    await recorder.stop();
    await recorder.stop();
    expect(
      requests.map(({ method, body }) => [method, (body as { series?: { count: number } }).series?.count]),
    ).toEqual([
      ['POST', undefined],
      ['PATCH', 2],
      ['POST', undefined],
      ['PATCH', 3],
    ]);
    recorder.emit(about, { ...scaled, reason: 'Late' });
    await settle();
    expect(requests.length).toBe(4);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('tries what has failed a last time, at once', async () => {
    let isDown = true;
    const { recorder, requests, lines } = recorderFor(() => (isDown ? failure(503, 'ServiceUnavailable') : {}));
    recorder.emit(about, scaled);
    recorder.emit(about, { ...scaled, reason: 'Other' });
    await settle();
    isDown = false;
    await recorder.stop();
    expect(requests.map((each) => bodyOf(each).reason)).toEqual(['Scaled', 'Other', 'Scaled', 'Other']);
    expect(lines).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([
    ['never answers', () => new Promise<never>(() => {})],
    ['is down', () => Promise.reject(new Error('refused'))],
  ])('resolves within 5 s when the API server %s', async (_how, answer) => {
    const { recorder } = recorderFor(answer);
    recorder.emit(about, scaled);
    recorder.emit(about, { ...scaled, reason: 'Other' });
    let stopped = false;
    void recorder.stop().then(() => {
      stopped = true;
    });
    await vi.advanceTimersByTimeAsync(5000);
    expect(stopped).toBe(true);
  });
});
