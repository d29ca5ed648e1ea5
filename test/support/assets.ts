import { describe, test } from 'vitest';

/** The folder of etcd, kube-apiserver and kubectl; undefined where the machine has none. */
export const assets: string | undefined = process.env.KUBEBUILDER_ASSETS || undefined;

/** A suite that needs an API server. Without one it is skipped, or fails when OPGEN_REQUIRE_CLUSTER=1 asks for it. */
export function describeWithCluster(name: string, suite: () => void): void {
  if (assets !== undefined) {
    describe(name, suite);
  } else if (process.env.OPGEN_REQUIRE_CLUSTER === '1') {
    test(name, () => {
      throw new Error('OPGEN_REQUIRE_CLUSTER=1 needs KUBEBUILDER_ASSETS, but it is not set');
    });
  } else {
    describe.skip(`${name} (skipped: KUBEBUILDER_ASSETS is not set)`, suite);
  }
}
