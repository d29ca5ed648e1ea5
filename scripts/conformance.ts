import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEnvtest } from '../src/testing/index.js';
import { answersOf, storeAnswers } from '../test/testing/conformance/answers.js';
import { areas, crds } from '../test/testing/conformance/index.js';

/** Asks the API server of KUBEBUILDER_ASSETS all scenarios, and stores its answers in fixtures/conformance. */
async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'opgen-conformance-'));
  crds().forEach((crd, index) => {
    writeFileSync(join(dir, `${index}.json`), JSON.stringify(crd));
  });
  const server = await startEnvtest({ crdPaths: [dir] });
  try {
    for (const area of Object.keys(areas)) storeAnswers(area, await answersOf(server.cluster, area));
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

await main();
