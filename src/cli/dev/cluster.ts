import { type Diagnostic, Refusal } from '../../diagnostics.js';

/** The cluster that the operator will run against. */
export interface Target {
  /** The URL of its API server. */
  readonly server: string;
  /** Where it was found, in words: `/home/me/.kube/config (context kind)`. */
  readonly source: string;
  /** The API server is on this machine or in a private network. */
  readonly isNear: boolean;
}

/** Finds the cluster as the operator's runtime does, without a request. Throws Refusal. */
export async function findTarget(kubeconfig: string | undefined): Promise<Target> {
  const { connect } = await import('../../runtime/connect.js');
  try {
    const { server, source, close } = connect(kubeconfig === undefined ? {} : { kubeconfig });
    close();
    return { server, source, isNear: isNear(server) };
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigError') throw new Refusal(noCluster(error.message));
    throw error;
  }
}

/** The runtime puts its advice behind the message. */
function noCluster(text: string): Diagnostic {
  const [message = text, hint = 'correct the kubeconfig, or give another one with `--kubeconfig`'] =
    text.split('. hint: ');
  return { code: 'OG5010', severity: 'error', message, hint };
}

const near =
  /^(localhost|127\.|\[?::1\]?$|0\.0\.0\.0$|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|.*\.(local|localhost|internal)$)/;

function isNear(server: string): boolean {
  return near.test(new URL(server).hostname);
}
