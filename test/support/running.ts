import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, onTestFinished } from 'vitest';
import { defineResource, type K8sObject } from '../../src/runtime/index.js';
import { fakeCluster, serveCluster } from '../../src/testing/index.js';
import { startOperator } from './operator.js';
import { run } from './process.js';

/** An external kind that a project may watch. */
const certificates = defineResource({ group: 'cert-manager.io', version: 'v1', kind: 'Certificate' });

/** The built operator of a project gets ready on a cluster with the project's CRDs, and ends well; `npm start` passes flags on to it. */
export async function expectToRun(folder: string): Promise<void> {
  const crds = crdsOf(folder);
  const served = await serveCluster(fakeCluster({ crds, resources: [certificates] }));
  onTestFinished(() => served.stop());
  const bundle = join(folder, 'dist/main.js');
  const operator = await startOperator({ bundle, kubeconfig: served.kubeconfig });
  await operator.ready();
  expect(await operator.stop()).toBe(0);
  expect(operator.logs.filter(({ level }) => level === 'error')).toEqual([]);
  const refused = await run('npm', ['start', '--', '--unknown'], { cwd: folder });
  expect(refused.stderr).toContain('--unknown');
  expect(refused.status).toBe(1);
}

function crdsOf(folder: string): readonly K8sObject[] {
  const dir = join(folder, 'config/crd/bases');
  return readdirSync(dir).map((name) => load(readFileSync(join(dir, name), 'utf8')) as K8sObject);
}
