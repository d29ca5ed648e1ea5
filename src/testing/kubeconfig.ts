/** What a kubeconfig says of a cluster and its user. */
export interface KubeconfigParts {
  /** Of the cluster, the user and the context. */
  readonly name: string;
  readonly server: string;
  /** The authority of the server as PEM. */
  readonly ca?: string;
  readonly token: string;
}

/** The text of a kubeconfig with one context. */
export const kubeconfigText = ({ name, server, ca, token }: KubeconfigParts): string => `apiVersion: v1
kind: Config
current-context: ${name}
contexts:
  - name: ${name}
    context:
      cluster: ${name}
      user: ${name}
clusters:
  - name: ${name}
    cluster:
      server: ${server}
${ca === undefined ? '' : `      certificate-authority-data: ${Buffer.from(ca).toString('base64')}\n`}users:
  - name: ${name}
    user:
      token: ${token}
`;
