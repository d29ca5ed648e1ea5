import { readFileSync } from 'node:fs';

/** A block of code of a page. */
export interface Snippet {
  /** The heading above it. */
  readonly title: string;
  /** What follows `ts` on its fence: empty for a program, `setup` for what programs have in common, `cluster`, or a path. */
  readonly kind: string;
  readonly code: string;
}

export interface Page {
  readonly text: string;
  /** What stands before every program. */
  readonly setup: string;
  readonly snippets: readonly Snippet[];
}

/** A page of the docs with its TypeScript. Throws where a block would be overlooked. */
export function readPage(path: string): Page {
  const text = readFileSync(path, 'utf8');
  const all = [...text.matchAll(/^```ts ?(\S*)\n([\s\S]*?)^```$/gm)].map(({ index, 1: kind = '', 2: code = '' }) => ({
    title: [...text.slice(0, index).matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? '',
    kind,
    code,
  }));
  const fences = [...text.matchAll(/^\s*```ts/gm)].length;
  if (fences !== all.length) throw new Error(`${path} has ${fences} fences of TypeScript, but ${all.length} were read`);
  return {
    text,
    setup: all.find(({ kind }) => kind === 'setup')?.code ?? '',
    snippets: all.filter(({ kind }) => kind !== 'setup'),
  };
}

/** What the comments behind `console.log` say that a program prints. */
export const expectedOf = (code: string): string =>
  [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line]) => line).join('\n');
