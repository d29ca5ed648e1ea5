import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { Cluster, K8sObject } from '../../src/runtime/index.js';
import { connect } from '../../src/runtime/index.js';
import { fakeCluster, serveCluster, startEnvtest } from '../../src/testing/index.js';
import type { Stage } from './terminal.js';

/** A cluster in which the CRD of the project is installed. */
export interface DemoCluster {
  readonly title: string;
  readonly cluster: Cluster;
  /** Path of the kubeconfig. */
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

/** The API server of KUBEBUILDER_ASSETS where there is one, else the embedded cluster, served to other processes. */
export async function startCluster(stage: Stage, crd: string): Promise<DemoCluster> {
  const kubeconfig = join(stage.folder, 'kubeconfig');
  const started = process.env.KUBEBUILDER_ASSETS ? await realServer(stage, crd) : await embedded(stage, crd);
  writeFileSync(kubeconfig, started.kubeconfig, { mode: 0o600 });
  return { title: started.title, cluster: connect({ kubeconfig }).cluster, kubeconfig, stop: started.stop };
}

interface Started {
  readonly title: string;
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

async function realServer({ project }: Stage, crd: string): Promise<Started> {
  const { kubeconfig, stop } = await startEnvtest({ crdPaths: [join(project, crd)] });
  return { title: 'a real API server', kubeconfig, stop };
}

async function embedded(stage: Stage, crd: string): Promise<Started> {
  const { kubeconfig, stop } = await serveCluster(fakeCluster({ crds: [readYaml(stage, crd)] }));
  return { title: 'the embedded cluster', kubeconfig, stop };
}

export const readYaml = ({ project }: Stage, path: string): K8sObject =>
  load(readFileSync(join(project, path), 'utf8')) as K8sObject;
