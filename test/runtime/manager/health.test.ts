import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ConfigError } from '../../../src/runtime/errors.js';
import { createLogger, type LogLevel, silentLogger } from '../../../src/runtime/log.js';
import { parseAddress } from '../../../src/runtime/manager/address.js';
import { type Checks, createChecks } from '../../../src/runtime/manager/checks.js';
import { startHealthServer } from '../../../src/runtime/manager/health.js';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** What a path answers, when the checks are those that `fill` adds. */
async function serve(fill: (healthz: Checks) => void, log = silentLogger) {
  const healthz = createChecks('healthz', log);
  fill(healthz);
  const server = await startHealthServer({ host: '127.0.0.1', port: 0 }, { healthz });
  stops.push(server.stop);
  return async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`http://127.0.0.1:${server.address.port}${path}`, init);
    return { status: answer.status, text: await answer.text() };
  };
}

const failing = (): never => {
  throw new Error('the secret reason');
};

describe('the endpoints', () => {
  test('answer ok without any check', async () => {
    const get = await serve(() => {});
    expect(await get('/healthz')).toEqual({ status: 200, text: 'ok' });
    expect(await get('/healthz/')).toEqual({ status: 200, text: 'ok' });
    expect(await get('/healthz/ping')).toEqual({ status: 200, text: 'ok' });
    expect(await get('/healthz?verbose')).toEqual({ status: 200, text: '[+]ping ok\nhealthz check passed\n' });
  });

  test('fail with one failing check, and keep the reason to the log', async () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'info' satisfies LogLevel, write: (line) => void lines.push(line) });
    const get = await serve((checks) => {
      checks.add('good', () => {});
      checks.add('bad', failing);
      checks.add('worse', async () => Promise.reject(new Error('later')));
    }, log);
    expect(await get('/healthz')).toEqual({
      status: 500,
      text: '[+]good ok\n[-]bad failed: reason withheld\n[-]worse failed: reason withheld\nhealthz check failed\n',
    });
    expect(lines.join('')).toContain('the secret reason');
  });

  test('run one check by name, and leave out those that are excluded', async () => {
    const get = await serve((checks) => {
      checks.add('good', () => {});
      checks.add('bad', failing);
    });
    expect((await get('/healthz/good')).status).toBe(200);
    expect((await get('/healthz/bad')).status).toBe(500);
    expect((await get('/healthz/none')).status).toBe(404);
    expect((await get('/healthz?exclude=bad')).status).toBe(200);
    expect((await get('/healthz?exclude=bad&exclude=good&verbose')).text).toBe('healthz check passed\n');
  });

  test('know their paths and methods', async () => {
    const get = await serve(() => {});
    expect((await get('/metrics')).status).toBe(404);
    expect((await get('/constructor')).status).toBe(404);
    expect((await get('/healthz', { method: 'POST' })).status).toBe(405);
    expect(await get('/healthz', { method: 'HEAD' })).toEqual({ status: 200, text: '' });
    expect((await get('/healthz/%zz')).status).toBe(400);
  });

  test('fail when a check hangs, and abort its signal', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const checks = createChecks('readyz', silentLogger);
    let seen: AbortSignal | undefined;
    checks.add('slow', (signal) => {
      seen = signal;
      return new Promise(() => {});
    });
    const answer = checks.answer({ verbose: false, exclude: [] }, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await answer).status).toBe(500);
    expect(seen?.aborted).toBe(true);
    vi.useRealTimers();
  });

  test('refuse a name that is taken or cannot be part of a path', () => {
    const checks = createChecks('readyz', silentLogger);
    checks.add('a', () => {});
    expect(() => checks.add('a', () => {})).toThrow('must be unique');
    expect(() => checks.add('a b', () => {})).toThrow('no space');
  });

  test('say so when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const start = startHealthServer({ host: '127.0.0.1', port }, {});
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`);
    other.close();
  });
});

describe('addresses', () => {
  test.each([
    [':8081', { port: 8081 }],
    ['127.0.0.1:8081', { host: '127.0.0.1', port: 8081 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:8081', { host: '::1', port: 8081 }],
    ['0', undefined],
  ])('%s', (text, address) => {
    expect(parseAddress(text)).toEqual(address);
  });

  test.each(['8081', '', ':', ':70000', 'a:b', '::1:8081', 'http://a:1'])('%j is refused', (text) => {
    expect(() => parseAddress(text)).toThrow('must be a port as in `:8081`');
  });
});
