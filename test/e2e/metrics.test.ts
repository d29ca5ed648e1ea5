import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createManager } from '../../src/runtime/manager/index.js';
import type { MetricsOptions } from '../../src/runtime/metrics/options.js';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { kubeconfigText } from '../../src/testing/kubeconfig.js';
import { parseExposition, valueIn } from '../runtime/metrics/exposition.js';
import { accessOf } from '../support/access.js';
import { describeWithCluster } from '../support/assets.js';
import { type Certificate, createCertificate } from '../support/certificate.js';
import { kubectl } from '../support/kubectl.js';
import { recordingLogger } from '../support/log.js';
import { scaffold } from '../support/scaffold.js';
import { tempFolder } from '../support/temp.js';
import { ConfigMap } from '../support/widget.js';

const namespace = 'system';

describeWithCluster('the metrics of an operator', () => {
  let cluster: Envtest;
  beforeAll(async () => {
    cluster = await startEnvtest();
    await installRoles();
  }, 180_000);
  afterAll(() => cluster?.stop());

  const run = (args: readonly string[], input?: string): string => {
    const { status, stdout, stderr } = kubectl(cluster, args, input);
    if (status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };

  /** The roles of a new project as it has them, for service accounts of its namespace `system`. */
  async function installRoles(): Promise<void> {
    const files = await scaffold({ name: 'metrics' }, []);
    run(['create', 'namespace', namespace]);
    for (const name of ['controller-manager', 'powerless', 'prometheus', 'stranger'])
      run(['create', 'serviceaccount', name, '-n', namespace]);
    for (const name of ['metrics_auth_role', 'metrics_auth_role_binding', 'metrics_reader_role'])
      run(['apply', '--validate=strict', '-f', '-'], files.get(`config/rbac/${name}.yaml`));
    run([
      'create',
      'clusterrolebinding',
      'prometheus',
      '--clusterrole=metrics-reader',
      `--serviceaccount=${namespace}:prometheus`,
    ]);
    run(['create', 'clusterrole', 'config-reader', '--verb=get,list,watch', '--resource=configmaps']);
    for (const name of ['controller-manager', 'powerless'])
      run([
        'create',
        'clusterrolebinding',
        name,
        '--clusterrole=config-reader',
        `--serviceaccount=${namespace}:${name}`,
      ]);
  }

  const tokenOf = (account: string): string => run(['create', 'token', account, '-n', namespace]);

  /** An operator with the rights of a service account, which serves its metrics on a free port. */
  async function operatorAs(account: string, options: MetricsOptions = {}) {
    const { ca, url } = accessOf(cluster);
    const kubeconfig = join(tempFolder(), 'kubeconfig');
    writeFileSync(
      kubeconfig,
      kubeconfigText({ name: account, server: url, token: tokenOf(account), ...(ca && { ca }) }),
    );
    const { log, lines } = recordingLogger();
    const manager = createManager({ kubeconfig, log, metrics: { bindAddress: '127.0.0.1:0', ...options } });
    manager.add({ name: account, for: ConfigMap, reconcile: async () => {} });
    const stop = new AbortController();
    const ended = manager.start(stop.signal);
    onTestFinished(async () => {
      stop.abort();
      await ended;
    });
    const served = await vi.waitFor(() => {
      const line = lines.find(({ message }) => message === 'Metrics are served');
      if (!line) throw new Error('not there yet');
      return line;
    }, 30_000);
    return { port: Number(served.port), lines, host: new URL(url).host };
  }

  test('are for those with the role metrics-reader', async () => {
    const { port, host } = await operatorAs('controller-manager');
    expect((await get(port)).status).toBe(401);
    expect((await get(port, 'no-token')).status).toBe(401);
    expect((await get(port, tokenOf('stranger'))).status).toBe(403);
    const reader = tokenOf('prometheus');
    const { status, body } = await get(port, reader);
    expect(status).toBe(200);
    const families = parseExposition(body);
    expect(
      valueIn(families, 'controller_runtime_max_concurrent_reconciles', { controller: 'controller-manager' }),
    ).toBe(1);
    expect(valueIn(families, 'rest_client_requests_total', { code: '201', method: 'POST', host })).toBeGreaterThan(0);
    expect((await get(port, reader, 'POST')).status, 'the role allows get alone').toBe(403);
  });

  test('are for nobody where the operator may not ask who wants them, and the log says what to add', async () => {
    const { port, lines } = await operatorAs('powerless');
    expect((await get(port, tokenOf('prometheus'))).status).toBe(500);
    expect(lines.find(({ level }) => level === 'error')).toMatchObject({
      message: 'A request for metrics cannot be checked, and is refused',
      error: expect.stringContaining('cannot create resource "tokenreviews"'),
      hint: expect.stringContaining('config/rbac/metrics_auth_role.yaml'),
    });
  });

  test('have a certificate that is renewed while they are read', async () => {
    const certDir = tempFolder();
    const [first, second] = [createCertificate('first'), createCertificate('second')];
    const fill = ({ cert, key }: Certificate): void => {
      writeFileSync(join(certDir, 'tls.key'), key);
      writeFileSync(join(certDir, 'tls.crt'), cert);
    };
    fill(first);
    const { port } = await operatorAs('controller-manager', { certDir });
    const reader = tokenOf('prometheus');
    expect(await subjectAt(port)).toBe('CN=first');
    fill(second);
    await vi.waitFor(async () => {
      expect((await get(port, reader)).status).toBe(200);
      expect(await subjectAt(port)).toBe('CN=second');
    }, 30_000);
  });
});

function get(port: number, token?: string, method = 'GET'): Promise<{ status: number | undefined; body: string }> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const options = {
    host: '127.0.0.1',
    port,
    path: '/metrics',
    method,
    headers,
    rejectUnauthorized: false,
    agent: false,
  };
  return new Promise((resolve, reject) => {
    request(options, async (answer) => resolve({ status: answer.statusCode, body: await text(answer) }))
      .on('error', reject)
      .end();
  });
}

function subjectAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(new X509Certificate(socket.getPeerCertificate().raw).subject);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
