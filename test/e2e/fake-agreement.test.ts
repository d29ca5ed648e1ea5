import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Envtest, fakeCluster, startEnvtest } from '../../src/testing/index.js';
import { describeWithCluster } from '../support/assets.js';
import { sharedFolder } from '../support/temp.js';
import { comparable, storedAnswers } from '../testing/conformance/answers.js';
import { areas, crds } from '../testing/conformance/index.js';
import { play, type Seen } from '../testing/conformance/play.js';

describeWithCluster('the fake and the stored answers agree with an API server', () => {
  let server: Envtest;

  beforeAll(async () => {
    const dir = sharedFolder();
    crds().forEach((crd, index) => {
      writeFileSync(join(dir, `${index}.json`), JSON.stringify(crd));
    });
    server = await startEnvtest({ crdPaths: [dir] });
  }, 180_000);
  afterAll(() => server?.stop());

  describe.each(Object.entries(areas))('%s', (area, scenarios) => {
    const stored = storedAnswers(area);

    test.each(scenarios.map((scenario, index) => ({ ...scenario, index })))(
      '$claim',
      async ({ index, ...scenario }) => {
        const namespace = `${area}-${index}`;
        const cluster = fakeCluster({ crds: crds(), namespaces: 'explicit' });
        const real = await play(server.cluster, scenario, { namespace });
        const fake = await play(cluster, scenario, { namespace, forget: cluster.compact });
        const parts = (seen: readonly Seen[]) => comparable(scenario, seen);
        expect(parts(fake), 'fake').toEqual(parts(real));
        expect(parts(stored[scenario.claim] ?? []), 'fixtures/conformance: npx tsx scripts/conformance.ts').toEqual(
          parts(real),
        );
      },
    );
  });
});
