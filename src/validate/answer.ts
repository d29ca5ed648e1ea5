/**
 * What kube-apiserver prints for a breach of a rule. In both texts `{…}` stands for what depends on the CRD: `{schema}` for the root of
 * a schema, `{node}` for any node of one, `{version}` for a version, `{i}` for an index and any other name for any text.
 */
export interface Answer {
  /** The path; empty where the server refuses the request before it has one. */
  readonly at: string;
  readonly says: string;
}

const schema = String.raw`spec\.(?:validation|versions\[\d+\]\.schema)\.openAPIV3Schema`;

const placeholders: Readonly<Record<string, string>> = {
  schema,
  node: `${schema}(?:[.[].*)?`,
  version: String.raw`spec(?:\.versions\[\d+\])?`,
  i: String.raw`\d+`,
};

/** Whether the server's path and message are an instance of the answer. */
export function isAnswer({ at, says }: Answer, path: string, message: string): boolean {
  return expressionOf(at).test(path) && expressionOf(says).test(message);
}

function expressionOf(template: string): RegExp {
  const parts = template.split(/\{(\w+)\}/);
  const source = parts.map((part, index) => {
    if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return Object.hasOwn(placeholders, part) ? placeholders[part] : '[^]*';
  });
  return new RegExp(`^${source.join('')}$`);
}
