import { describe, expect, test } from 'vitest';
import { runOperator } from '../../support/operator-process.js';

const main = (reconcile: string, options = 'cluster'): string => `
try {
  const manager = createManager({ ${options} });
  manager.add({ for: Widget, async reconcile({ signal, log }) { ${reconcile} } });
  await manager.start(onSignals());
  manager.log.info('the end of main');
} catch (error) {
  exitWithError(error);
}
`;

const untilAborted = `log.info('at work'); await new Promise((resolve) => signal.addEventListener('abort', resolve));`;
const forEver = `log.info('at work'); await new Promise(() => {});`;

describe('SIGTERM', () => {
  test('during a reconcile ends it, then the process by itself, with 0', async () => {
    const operator = runOperator(main(untilAborted));
    await operator.says('at work');
    operator.kill('SIGTERM');
    expect(await operator.exit).toBe(0);
    expect(operator.output()).toContain('the end of main');
  });

  test('twice ends the process at once, with 1', async () => {
    const operator = runOperator(main(forEver));
    await operator.says('at work');
    operator.kill('SIGTERM');
    await operator.says('Stopping the manager');
    operator.kill('SIGINT');
    expect(await operator.exit).toBe(1);
    expect(operator.output()).not.toContain('The manager has stopped');
  });

  test('ends with 1 when a reconcile outlives the grace period', async () => {
    const operator = runOperator(main(forEver, 'cluster, gracefulShutdownTimeout: 50'));
    await operator.says('at work');
    operator.kill('SIGTERM');
    expect(await operator.exit).toBe(1);
    expect(operator.output()).toContain('these still run: controller widget default/a');
  });
});

describe('a promise that nothing handles', () => {
  test('is logged with its stack, stops the manager gracefully, and ends the process with 1', async () => {
    const operator = runOperator(main(`void Promise.reject(new Error('forgotten')); ${untilAborted}`));
    expect(await operator.exit).toBe(1);
    const lines = operator
      .output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(lines.map(({ message }) => message)).toEqual([
      'Starting the manager',
      'at work',
      'A promise was rejected and nothing handles it',
      'Stopping the manager',
      'The manager has stopped',
      'The operator failed',
    ]);
    expect(lines[2]).toMatchObject({ level: 'error', error: 'forgotten', stack: expect.stringContaining('at ') });
  });
});

describe('a mistake of the user', () => {
  test.each([
    ['--kubeconfig=/nonexistent/config', /^.*\/nonexistent\/config.*\n$/],
    ['--kubeconfg=/k', /^There is no flag --kubeconfg\. Did you mean --kubeconfig\?\n$/],
    ['--health-probe-bind-address=8081', /^The address of the health probes must be .*\n$/],
  ])('%s is one plain line, and 1', async (flag, line) => {
    const operator = runOperator(main('', '...managerFlags()'), { args: [flag] });
    expect(await operator.exit).toBe(1);
    expect(operator.output()).toMatch(line);
  });
});

test('a CRD that is not installed in time is a plain line without a stack, and 1', async () => {
  const operator = runOperator(main('', 'cluster: fakeCluster(), controller: { cacheSyncTimeout: 50 }'));
  expect(await operator.exit).toBe(1);
  expect(operator.output()).toMatch(
    /\nController `widget` must have its caches within 50 ms .* the CRD is not installed\. .*\n$/,
  );
  expect(operator.output()).not.toMatch(/\n? at /);
});

test('onSignals gives one signal, with one handler each', async () => {
  const operator = runOperator(`
    const same = onSignals() === onSignals();
    process.stderr.write(JSON.stringify([same, process.listenerCount('SIGTERM'), process.listenerCount('SIGINT')]));
  `);
  expect(await operator.exit).toBe(0);
  expect(operator.output()).toBe('[true,1,1]');
});
