import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../runtime/cluster.js';
import { connect } from '../runtime/connect.js';
import { findCluster, flattenKubeconfig } from '../runtime/kubeconfig/index.js';
import { findBinaries } from './binaries.js';
import { type ApiServer, type Etcd, startApiServer, startEtcd, writeSecrets } from './controlplane.js';
import { applyCrds, readCrds } from './crds.js';
import { kubeconfigText } from './kubeconfig.js';
import type { Place } from './process.js';
import { type Access, transportOf } from './request.js';

/** How a control plane is started. */
export interface EnvtestOptions {
  /** The folder of etcd and kube-apiserver; default: KUBEBUILDER_ASSETS, `bin/k8s/<newest>`, /usr/local/kubebuilder/bin. */
  binDir?: string;
  /** Uses the cluster of the current kubeconfig instead of a new one. Default: whether USE_EXISTING_CLUSTER is `true`. */
  existing?: boolean;
  /** Files and folders of CRDs, which are served when the start resolves. */
  crdPaths?: string[];
  /** Prints the output of both servers. Default false. */
  attachOutput?: boolean;
}

/** A running control plane: an API server with its store, without controllers and without nodes; or the existing cluster. */
export interface Envtest {
  /** The control plane for the runtime, with the rights of the kubeconfig. */
  readonly cluster: Cluster;
  /** Text of a kubeconfig. Its user is in the group system:masters, except with `existing`. */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:<port>`, or that of the existing cluster. */
  readonly url: string;
  /** Ends connections and both servers, and removes their files; an existing cluster runs on. Further calls do nothing. */
  stop(): Promise<void>;
  /** Ends the API server and starts it again with the same data, address and credentials. Rejects with `existing`. */
  restartApiServer(): Promise<void>;
}

/**
 * Starts etcd and kube-apiserver on free ports of 127.0.0.1, with their files in a temporary folder; resolves when the API server
 * is ready.
 *
 * Guarantees: the servers end with this process, however it ends; a start that fails leaves nothing behind.
 * Assumptions: Linux or macOS; the programs are installed (`setup-envtest use` downloads them), or `existing` is set. CRDs stay in an
 * existing cluster.
 */
export async function startEnvtest(options: EnvtestOptions = {}): Promise<Envtest> {
  const { existing = process.env.USE_EXISTING_CLUSTER === 'true', crdPaths = [] } = options;
  return existing ? useExisting(crdPaths) : startServers(options);
}

async function startServers({ binDir: folder, crdPaths = [], attachOutput = false }: EnvtestOptions): Promise<Envtest> {
  const binDir = findBinaries(folder);
  const crds = readCrds(crdPaths);
  const controlPlane = createControlPlane({ binDir, dir: mkdtempSync(join(tmpdir(), 'opgen-envtest-')), attachOutput });
  try {
    const access = await controlPlane.start();
    const cluster = transportOf(access);
    const stop = () => {
      cluster.close();
      return controlPlane.stop();
    };
    await applyCrds(cluster, crds);
    const { restartApiServer } = controlPlane;
    const { url, ca, token } = access;
    const kubeconfig = kubeconfigText({ name: 'envtest', server: url, ca, token });
    return { cluster, kubeconfig, url, stop, restartApiServer };
  } catch (error) {
    await controlPlane.stop();
    throw error;
  }
}

async function useExisting(crdPaths: readonly string[]): Promise<Envtest> {
  const crds = readCrds(crdPaths);
  const choice = findCluster();
  const { cluster, server, close } = connect();
  try {
    await applyCrds(cluster, crds);
  } catch (error) {
    close();
    throw error;
  }
  return {
    cluster,
    kubeconfig: flattenKubeconfig(choice),
    url: server,
    stop: async () => close(),
    restartApiServer: async () => {
      throw new Error('A control plane of startEnvtest can be restarted, but this one is an existing cluster');
    },
  };
}

function createControlPlane(place: Place) {
  let etcd: Etcd | undefined;
  let apiServer: ApiServer | undefined;
  let restart: Promise<void> | undefined;
  let end: Promise<void> | undefined;

  async function restartServer(): Promise<void> {
    if (end || !etcd || !apiServer) throw new Error('A control plane must run to be restarted, but it was stopped');
    await apiServer.stop();
    apiServer = await startApiServer(place, etcd, apiServer.port);
  }

  async function endServers(): Promise<void> {
    await restart?.catch(() => {});
    await apiServer?.stop();
    await etcd?.stop();
    rmSync(place.dir, { recursive: true, force: true });
  }

  return {
    async start(): Promise<Access> {
      writeSecrets(place.dir);
      etcd = await startEtcd(place);
      apiServer = await startApiServer(place, etcd);
      return apiServer.access;
    },
    restartApiServer: () => (restart = restartServer()),
    stop: () => (end ??= endServers()),
  };
}
