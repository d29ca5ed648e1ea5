import { describe, expect, test, vi } from 'vitest';
import { ConfigError } from '../../../src/runtime/errors.js';
import { managerFlags } from '../../../src/runtime/manager/flags.js';

describe('flags', () => {
  test.each([
    [[], {}],
    [['--kubeconfig', '/k'], { kubeconfig: '/k' }],
    [['--kubeconfig=/a=b'], { kubeconfig: '/a=b' }],
    [['--kubeconfig=/a', '--kubeconfig', '/b'], { kubeconfig: '/b' }],
    [['--health-probe-bind-address=:8081'], { health: { bindAddress: ':8081' } }],
    [['--health-probe-bind-address', '0'], { health: false }],
    [['--metrics-bind-address=:8443'], { metrics: { bindAddress: ':8443' } }],
    [['--metrics-bind-address', '0', '--metrics-secure'], { metrics: { bindAddress: '0', secure: true } }],
    [['--metrics-secure=false', '--metrics-bind-address=:8080'], { metrics: { bindAddress: ':8080', secure: false } }],
    [['--metrics-secure', '--metrics-cert-path=/c'], { metrics: { secure: true, certDir: '/c' } }],
    [['--leader-elect=false', '--leader-election-id=a'], { leaderElection: false }],
    [['--leader-election-id=a'], {}],
    [['--leader-elect', '--leader-election-id=a'], { leaderElection: { id: 'a', releaseOnCancel: true } }],
    [
      ['--leader-election-namespace', 'n', '--leader-election-id=a', '--leader-elect=true'],
      { leaderElection: { id: 'a', namespace: 'n', releaseOnCancel: true } },
    ],
  ])('%j', (argv, options) => {
    expect(managerFlags(argv, {})).toEqual(options);
  });

  test('--log-level decides what is written', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { log } = managerFlags(['--log-level', 'debug'], {});
    log?.debug('seen');
    const quiet = managerFlags(['--log-level=error'], {}).log;
    quiet?.info('not seen');
    const lines = write.mock.calls.map(([line]) => String(line));
    write.mockRestore();
    expect(lines).toEqual([expect.stringContaining('"message":"seen"')]);
  });

  test.each([
    [['--log-level=loud'], 'The flag --log-level must be debug, info or error, but is "loud"'],
    [['--kubeconfig'], 'The flag --kubeconfig must have a value, but has none: type --kubeconfig=FILE'],
    [['--kubeconfig', '--log-level=info'], 'The flag --kubeconfig must have a value, but has none'],
    [['--kubeconfg=/k'], 'There is no flag --kubeconfg. Did you mean --kubeconfig?'],
    [['--health-probe-bind-adress=:1'], 'Did you mean --health-probe-bind-address?'],
    [['--zap-devel'], 'There is no flag --zap-devel. --help lists the flags.'],
    [['--constructor=1'], 'There is no flag --constructor. --help lists the flags.'],
    [['run'], 'The operator takes flags only, but got "run"'],
    [['--leader-elect'], 'must come with the name of the lease, but there is none: type --leader-election-id=NAME'],
    [['--leader-elect=yes'], 'The flag --leader-elect must be true or false, but is "yes"'],
    [['--leader-elect', 'true'], 'The operator takes flags only, but got "true"'],
    [['--metrics-secure=no'], 'The flag --metrics-secure must be true or false, but is "no"'],
    [['--metrics-secure', 'false'], 'The operator takes flags only, but got "false"'],
    [['--metrics-bind-adress=:8443'], 'Did you mean --metrics-bind-address?'],
    [['--metrics-cert-path'], 'must have a value, but has none: type --metrics-cert-path=FOLDER'],
    [['--webhook-cert-path=/c'], 'has no webhooks yet'],
  ])('%j is refused', (argv, message) => {
    expect(() => managerFlags(argv, {})).toThrow(ConfigError);
    expect(() => managerFlags(argv, {})).toThrow(message);
  });

  test('--help lists every flag and variable', () => {
    for (const name of ['--kubeconfig FILE', '--health-probe-bind-address', '--log-level', 'WATCH_NAMESPACE'])
      expect(() => managerFlags(['--help'], {})).toThrow(name);
  });
});

describe('WATCH_NAMESPACE', () => {
  test.each([
    ['a', { a: {} }],
    [' a, b ,', { a: {}, b: {} }],
  ])('%j', (value, namespaces) => {
    expect(managerFlags([], { WATCH_NAMESPACE: value })).toEqual({ cache: { namespaces } });
  });

  test.each([undefined, '', ' , '])('%j means all', (value) => {
    expect(managerFlags([], { WATCH_NAMESPACE: value })).toEqual({});
  });
});
