import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '../../src/runtime/errors.js';
import { containedLogger, createLogger, type LogLevel, messageOf } from '../../src/runtime/log.js';
import { now, sleep } from '../../src/runtime/time.js';

beforeEach(() => vi.useFakeTimers({ now: new Date('2030-01-02T03:04:05.678Z') }));
afterEach(() => vi.useRealTimers());

function loggerFor(level: LogLevel = 'info') {
  const lines: string[] = [];
  const log = createLogger({ level, write: (line) => void lines.push(line) });
  return { log, lines, parsed: () => lines.map((line) => JSON.parse(line)) };
}

describe('a logger', () => {
  test('writes one JSON object a line, with the fields of `with`', () => {
    const { log, lines } = loggerFor();
    log.with({ controller: 'a', name: 'x' }).info('Reconciled', { name: 'y' });
    expect(lines).toEqual([
      '{"time":"2030-01-02T03:04:05.678Z","level":"info","message":"Reconciled","controller":"a","name":"y"}\n',
    ]);
  });

  test.each<[LogLevel, string[]]>([
    ['debug', ['debug', 'info', 'error']],
    ['info', ['info', 'error']],
    ['error', ['error']],
  ])('of the level %s drops what is below', (level, levels) => {
    const { log, parsed } = loggerFor(level);
    log.debug('m');
    log.info('m');
    log.error(new Error('e'), 'm');
    expect(parsed().map((line) => line.level)).toEqual(levels);
  });

  test('cuts objects to what names them', () => {
    const { log, parsed } = loggerFor();
    log.info('m', {
      pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'd', labels: {} }, spec: { secret: 1 } },
    });
    expect(parsed()[0].pod).toEqual({ apiVersion: 'v1', kind: 'Pod', namespace: 'd', name: 'p' });
  });

  test('gives the causes of an error, and a stack unless the API server speaks', () => {
    const { log, parsed } = loggerFor();
    log.error(new Error('outer', { cause: new Error('inner') }), 'm');
    log.error(new ApiError(403, { message: 'forbidden' }), 'm');
    log.error('text', 'm');
    log.error({ a: 1 }, 'm');
    expect(parsed().map(({ error }) => error)).toEqual(['outer: inner', 'forbidden', 'text', '{"a":1}']);
    expect(parsed().map(({ stack }) => typeof stack)).toEqual(['string', 'undefined', 'undefined', 'undefined']);
  });

  test('fields do not hide time, level and message', () => {
    const { log, parsed } = loggerFor();
    log.info('m', { message: 'other', level: 'x', time: 0 });
    expect(parsed()[0]).toEqual({ time: '2030-01-02T03:04:05.678Z', level: 'info', message: 'm' });
  });

  test('loses no line, and no other field, for one that cannot be written', () => {
    const { log, parsed } = loggerFor();
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const fields = {
      circular,
      get bad() {
        throw new Error('no');
      },
      good: 1,
      nothing: undefined,
    };
    log.with(fields).info('m', { own: 2 });
    log.error(circular, 'm', fields);
    const [first, second] = parsed();
    const cannot = '[cannot be written]';
    expect(first).toMatchObject({ message: 'm', circular: cannot, bad: cannot, good: 1, own: 2 });
    expect(second).toMatchObject({ level: 'error', message: 'm', circular: cannot, good: 1, error: cannot });
  });

  test('takes no fields for what is no object', () => {
    const { log, parsed } = loggerFor();
    log.with(null as never).info('m', undefined);
    log.info('m', null as never);
    expect(parsed().map((line) => Object.keys(line))).toEqual(Array(2).fill(['time', 'level', 'message']));
  });

  test('has no other levels', () => {
    expect(() => createLogger({ level: 'warn' as LogLevel })).toThrow(
      'The level of a logger must be debug, info, error, but is `warn`',
    );
  });

  test('never throws', () => {
    const { log, lines } = loggerFor();
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const bad = {
      toJSON: () => {
        throw new Error('no');
      },
    };
    for (const fields of [circular, { bad }, { big: 1n }, { fn: () => {} }])
      expect(() => log.info('m', fields)).not.toThrow();
    expect(lines.length).toBe(4);
    const broken = createLogger({
      write: () => {
        throw new Error('EPIPE');
      },
    });
    expect(() => broken.info('m')).not.toThrow();
  });
});

test('messageOf ends, also where an error is its own cause', () => {
  const error = new Error('loop');
  error.cause = error;
  expect(messageOf(error)).toContain('loop');
  expect(messageOf(Object.assign(new Error(''), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
  expect(messageOf(undefined)).toBe('undefined');
});

test('messageOf says once what a message quotes of its cause', () => {
  const cause = new Error('self-signed certificate');
  expect(messageOf(new Error('no trust: self-signed certificate. hint: give it', { cause }))).toBe(
    'no trust: self-signed certificate. hint: give it',
  );
});

test.each([
  [{ a: 1 }, '{"a":1}'],
  [undefined, 'undefined'],
  [404, '404'],
])('messageOf takes an error whose message is %j', (message, text) => {
  expect(messageOf(Object.defineProperty(new Error('x'), 'message', { value: message }))).toBe(text);
});

describe('a contained logger', () => {
  const broken = (): never => {
    throw new Error('the disk is full');
  };

  test('drops what the logger throws or rejects with', async () => {
    const log = containedLogger({ debug: broken, info: async () => broken(), error: broken, with: broken });
    const own = log.with({ a: 1 });
    for (const each of [log, own]) {
      each.debug('one');
      each.info('two');
      each.error(new Error('x'), 'three');
    }
    await vi.advanceTimersByTimeAsync(1);
    expect(own).toBeDefined();
  });

  test('is else as the logger', () => {
    const lines: string[] = [];
    const log = containedLogger(createLogger({ level: 'debug', write: (line) => void lines.push(line) }));
    log.with({ a: 1 }).with({ b: 2 }).info('said', { c: 3 });
    log.debug('deep');
    log.error('text', 'failed');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { message: 'said', a: 1, b: 2, c: 3 },
      { level: 'debug', message: 'deep' },
      { level: 'error', message: 'failed', error: 'text' },
    ]);
  });
});

describe('sleep', () => {
  test('resolves after the time, however long', async () => {
    const days = 60 * 24 * 3600 * 1000;
    let done = false;
    void sleep(days).then(() => {
      done = true;
    });
    await vi.advanceTimersByTimeAsync(days - 1);
    expect(done).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toBe(true);
  });

  test('rejects with the reason of the signal, and leaves no timer', async () => {
    const controller = new AbortController();
    const asleep = sleep(1000, controller.signal);
    controller.abort(new Error('stop'));
    await expect(asleep).rejects.toThrow('stop');
    await expect(sleep(1000, controller.signal)).rejects.toThrow('stop');
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('now has seconds', () => {
  expect(now()).toBe('2030-01-02T03:04:05Z');
});
