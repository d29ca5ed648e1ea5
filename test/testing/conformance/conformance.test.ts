import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/runtime/cluster.js';
import { connect } from '../../../src/runtime/connect.js';
import { fakeCluster, serveCluster } from '../../../src/testing/index.js';
import { tempFolder } from '../../support/temp.js';
import { answersOf, comparable, storedAnswers } from './answers.js';
import { areas, crds } from './index.js';
import { play } from './play.js';

const fake = () => fakeCluster({ crds: crds(), namespaces: 'explicit' });

test('there are at least 150 scenarios, and no two of an area claim the same', () => {
  const claims = Object.entries(areas).flatMap(([area, list]) => list.map(({ claim }) => `${area}: ${claim}`));
  expect(new Set(claims).size).toBe(claims.length);
  expect(claims.length).toBeGreaterThanOrEqual(150);
});

describe.each(Object.entries(areas))('the fake answers as an API server did: %s', (area, scenarios) => {
  const stored = storedAnswers(area);

  test('every scenario has stored answers', () => {
    expect(Object.keys(stored).sort()).toEqual(scenarios.map(({ claim }) => claim).sort());
  });

  test.concurrent.for(scenarios)('$claim', async (scenario, { expect }) => {
    const cluster = fake();
    const seen = await play(cluster, scenario, { namespace: 'somewhere', forget: cluster.compact });
    expect(comparable(scenario, seen)).toEqual(comparable(scenario, stored[scenario.claim] ?? []));
  });
});

/** All scenarios on one server, over HTTP and through the transport of the runtime; one is left out that forgets all others. */
describe('the fake answers so over HTTP too', () => {
  test.each(Object.entries(areas))('%s', { timeout: 60_000 }, async (area, scenarios) => {
    const server = await serveCluster(fake());
    const kubeconfig = join(tempFolder(), 'kubeconfig');
    writeFileSync(kubeconfig, server.kubeconfig);
    const { cluster, close } = connect({ kubeconfig });
    try {
      await expectStored(
        cluster,
        area,
        scenarios.filter(({ forgets }) => !forgets),
      );
    } finally {
      close();
      await server.stop();
    }
  });
});

async function expectStored(cluster: Cluster, area: string, scenarios: (typeof areas)[string]): Promise<void> {
  const stored = storedAnswers(area);
  const answers = await answersOf(cluster, area, scenarios);
  for (const scenario of scenarios) {
    const [seen = [], expected = []] = [answers[scenario.claim], stored[scenario.claim]];
    expect(comparable(scenario, seen), scenario.claim).toEqual(comparable(scenario, expected));
  }
}
