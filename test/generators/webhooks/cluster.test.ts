import { afterAll, beforeAll, expect, test } from 'vitest';
import { toYaml } from '../../../src/emit/yaml.js';
import { configurations } from '../../../src/generators/webhooks/configuration.js';
import { toWebhook } from '../../../src/generators/webhooks/webhook.js';
import type { WebhookValue } from '../../../src/markers/defs/webhook.js';
import { type Envtest, startEnvtest } from '../../../src/testing/index.js';
import { generateFrom, textOf } from '../../support/api.js';
import { describeWithCluster } from '../../support/assets.js';
import { caseFolder, casesOf } from '../../support/fixtures.js';
import { kubectl, type Outcome } from '../../support/kubectl.js';
import { refused, sound } from './refused.js';

describeWithCluster('the API server agrees about webhook configurations', () => {
  let cluster: Envtest;
  beforeAll(async () => {
    cluster = await startEnvtest();
  }, 180_000);
  afterAll(() => cluster?.stop());

  /** Checked like any other request, but not stored: a webhook on everything would be called for the requests that follow. */
  const check = (text: string): Outcome =>
    kubectl(cluster, ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-'], text);

  const forced = (value: WebhookValue): string => {
    const at = { file: 'src/webhooks.ts', line: 1, column: 1 };
    const { object } = toWebhook(value);
    return toYaml(configurations([{ mutating: value.mutating, object, at }], [])[0]!);
  };

  test.each(casesOf('webhooks'))('accepted: %s', async (name) => {
    const { value } = await generateFrom(caseFolder('webhooks', name), 'webhooks');
    const applied = check(value.artifacts.map((each) => textOf(each)).join(''));
    expect(applied.stderr).toBe('');
    expect(applied.status).toBe(0);
  });

  test('the webhook that the refused ones change is accepted', () => {
    expect(check(forced(sound)).stderr).toBe('');
  });

  test.each(refused)('$claim', ({ change, only }) => {
    const { status, stderr } = check(forced({ ...sound, ...change }));
    if (only === 'opgen') expect(stderr).toBe('');
    else expect(status, stderr).not.toBe(0);
  });
});
