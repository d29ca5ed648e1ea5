import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../../../src/runtime/client/index.js';
import { connect } from '../../../src/runtime/connect.js';
import { defineResource } from '../../../src/runtime/define.js';
import type { K8sObject } from '../../../src/runtime/resource.js';
import { type Envtest, startEnvtest } from '../../../src/testing/envtest.js';
import { describeWithCluster } from '../../support/assets.js';
import { tempFolder } from '../../support/temp.js';
import { startSocks } from '../transport/socksproxy.js';

interface SelfSubjectReview extends K8sObject {
  status?: { userInfo: { username: string; uid?: string; groups: string[]; extra?: Record<string, string[]> } };
}

const SelfSubjectReview = defineResource<SelfSubjectReview>({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  namespaced: false,
});

interface Config {
  clusters: [{ cluster: Record<string, unknown> }];
  users: [{ user: Record<string, unknown> }];
}

describeWithCluster('a kubeconfig for a real API server', () => {
  let env: Envtest;

  beforeAll(async () => {
    env = await startEnvtest();
  }, 60_000);

  afterAll(async () => {
    await env?.stop();
  });

  /** Who the API server takes the user of an edited kubeconfig for. */
  async function whoIs(edit: (config: Config) => void) {
    const config = load(env.kubeconfig) as Config;
    edit(config);
    const file = join(tempFolder(), 'config');
    writeFileSync(file, JSON.stringify(config));
    const { cluster, close } = connect({ kubeconfig: file });
    onTestFinished(close);
    const review = await createClient({ cluster }).create(SelfSubjectReview, { metadata: { name: 'me' } });
    return review.status?.userInfo;
  }

  test('may impersonate', async () => {
    const user = await whoIs(({ users: [{ user }] }) =>
      Object.assign(user, {
        as: 'jane doe',
        'as-uid': 'u-1',
        'as-groups': ['developers', 'on call'],
        'as-user-extra': { 'example.com/Scope (old)%': ['a', 'b'], none: [] },
      }),
    );
    expect(user).toEqual({
      username: 'jane doe',
      uid: 'u-1',
      groups: ['developers', 'on call', 'system:authenticated'],
      extra: { 'example.com/scope (old)%': ['a', 'b'] },
    });
  });

  test('may name a SOCKS proxy', async () => {
    const login = { name: 'jane', password: 'secret' };
    const proxy = await startSocks({ login });
    const user = await whoIs(({ clusters: [{ cluster }] }) => {
      cluster['proxy-url'] = `socks5://jane:secret@${proxy.url.host}`;
    });
    expect(user?.groups).toContain('system:masters');
    expect(proxy.asked).toHaveLength(1);
  });
});
