/**
 * What kube-apiserver prints for a breach of a rule. In both texts `{…}` stands for what depends on the CRD: `{schema}` for the root of
 * a schema, `{node}` for any node of one, `{version}` for a version, `{i}` for an index and any other name for any text.
 */
export interface Answer {
  /** The path; empty where the server refuses the request before it has one. */
  readonly at: string;
  readonly says: string;
}
