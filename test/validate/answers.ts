import type { Answer } from '../../src/validate/answer.js';

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
