import { createServer } from 'node:http';
import { request } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ConfigError } from '../../../src/runtime/errors.js';
import { createManager } from '../../../src/runtime/manager/index.js';
import { metricsSettings, startMetrics } from '../../../src/runtime/manager/metrics.js';
import type { ManagerOptions } from '../../../src/runtime/manager/types.js';
import { requestMetrics } from '../../../src/runtime/metrics/client.js';
import { metrics } from '../../../src/runtime/metrics/index.js';
import { fakeCluster } from '../../../src/testing/fake/index.js';
import { recordingLogger } from '../../support/log.js';
import { failure, scriptedCluster } from '../../support/scripted.js';
import { Widget, widget } from '../../support/widget.js';
import { parseExposition, valueIn } from './exposition.js';

/** A manager that serves its metrics on a free port. */
async function started(options: ManagerOptions) {
  const { log, lines } = recordingLogger();
  const cluster = fakeCluster({ objects: [widget('a')], resources: [Widget] });
  const manager = createManager({ cluster, log, ...options });
  manager.add({ name: 'served', for: Widget, reconcile: async () => {} });
  const stop = new AbortController();
  const ended = manager.start(stop.signal);
  ended.catch(() => {});
  onTestFinished(async () => {
    stop.abort();
    await ended.catch(() => {});
  });
  const line = await vi.waitFor(() => {
    const found = lines.find(({ message }) => message === 'Metrics are served');
    if (!found) throw new Error('not there yet');
    return found;
  });
  return { port: Number(line.port), lines, stop, ended, cluster };
}

function get(port: number): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/metrics', rejectUnauthorized: false, agent: false }, async (answer) =>
      resolve({ status: answer.statusCode, body: await text(answer) }),
    )
      .on('error', reject)
      .end();
  });
}

describe('a manager', () => {
  test('serves the metrics of its controllers, of the process and of the registries that it was given', async () => {
    const counter = metrics.counter({ name: 'test_backups_total', help: 'Backups.', labelNames: ['result'] });
    counter.labels('good').inc(2);
    const registries = [{ metrics: async () => '# HELP mine M.\n# TYPE mine gauge\nmine 7\n' }];
    const { port, stop, ended } = await started({ metrics: { bindAddress: '127.0.0.1:0', secure: false, registries } });
    const read = async () => parseExposition(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
    await vi.waitFor(async () =>
      expect(
        valueIn(await read(), 'controller_runtime_reconcile_total', { controller: 'served', result: 'success' }),
      ).toBe(1),
    );
    const families = await read();
    expect(valueIn(families, 'mine')).toBe(7);
    expect(valueIn(families, 'test_backups_total', { result: 'good' })).toBe(2);
    expect(valueIn(families, 'process_start_time_seconds')).toBeGreaterThan(1_500_000_000);
    expect(valueIn(families, 'workqueue_adds_total', { name: 'served', controller: 'served' })).toBe(1);
    stop.abort();
    await ended;
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
  });

  test('measures its requests where it is told to', async () => {
    const names = async () =>
      [...parseExposition(await metrics.registry.metrics()).keys()].filter((each) => /^rest/.test(each));
    const measure = () => requestMetrics({ method: 'GET', host: 'measured', isWatch: true }).tried(200);
    await started({ metrics: { bindAddress: '127.0.0.1:0', secure: false } });
    measure();
    expect(await names()).toEqual(['rest_client_requests_total']);
    await started({ metrics: { bindAddress: '127.0.0.1:0', secure: false, restClient: true } });
    measure();
    expect(await names()).toEqual(['rest_client_request_size_bytes', 'rest_client_requests_total']);
  });

  test('wants a token over HTTPS unless it is told otherwise', async () => {
    const { port } = await started({ metrics: { bindAddress: '127.0.0.1:0' } });
    expect(await get(port)).toEqual({ status: 401, body: 'Unauthorized\n' });
    const open = await started({ metrics: { bindAddress: '127.0.0.1:0', authorize: false } });
    const { status, body } = await get(open.port);
    expect(status).toBe(200);
    expect(parseExposition(body).has('process_open_fds')).toBe(process.platform === 'linux');
  });

  test('serves none by default outside of a pod, and none where it is told not to', async () => {
    for (const options of [{}, { metrics: false }, { metrics: { bindAddress: '0' } }] satisfies ManagerOptions[]) {
      const { log, messages } = recordingLogger();
      const manager = createManager({ cluster: fakeCluster(), log, ...options });
      const stop = new AbortController();
      const ended = manager.start(stop.signal);
      stop.abort();
      await ended;
      expect(messages()).not.toContain('Metrics are served');
    }
  });

  test('leaves nothing behind when it stops, connections that say nothing included', async () => {
    const { port, stop, ended } = await started({ metrics: { bindAddress: '127.0.0.1:0', secure: false } });
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    stop.abort();
    await ended;
    await closed;
    expect(socket.destroyed).toBe(true);
  });
});

describe('the settings', () => {
  const inPod = (option?: false | ManagerOptions['metrics']) => metricsSettings(option, true);

  test('of a pod are HTTPS on the port 8443 for those who may', () => {
    expect(inPod()).toEqual({
      address: { port: 8443 },
      restClient: false,
      secure: true,
      certDir: undefined,
      authorize: true,
      registries: [],
      isWanted: false,
    });
    expect(inPod({})).toMatchObject({ address: { port: 8443 }, isWanted: true });
    expect(inPod({ secure: false })).toMatchObject({ secure: false, authorize: false });
    expect(inPod({ secure: false, authorize: true })).toMatchObject({ secure: false, authorize: true });
    expect(inPod(false)).toBeUndefined();
    expect(inPod({ bindAddress: '0', secure: true })).toBeUndefined();
    expect(metricsSettings(undefined, false)).toBeUndefined();
    expect(metricsSettings({}, false)).toMatchObject({ address: { port: 8443 } });
  });

  test.each<[NonNullable<ManagerOptions['metrics']>, string]>([
    [{ bindAddress: '8443' }, 'The address of the metrics must be a port as in `:8081`'],
    [{ secure: false, certDir: '/c' }, 'leave one of the two out'],
    [{ registries: [{} as never] }, 'registries with a function `metrics`'],
  ])('%j are refused', (option, message) => {
    const create = () => createManager({ cluster: fakeCluster(), metrics: option });
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(message);
  });

  test('that nobody asked for keep no operator from starting where the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const settings = metricsSettings({ bindAddress: `127.0.0.1:${port}` }, true);
    if (!settings) throw new Error('there are settings');
    const { log, lines } = recordingLogger();
    const tools = { cluster: scriptedCluster(() => failure(500, 'InternalError')), log };
    await expect(startMetrics(settings, tools)).rejects.toThrow(`The metrics cannot listen on 127.0.0.1:${port}`);
    const end = await startMetrics({ ...settings, isWanted: false }, tools);
    expect(lines).toMatchObject([{ level: 'error', message: 'The metrics are not served' }]);
    await end();
  });
});
