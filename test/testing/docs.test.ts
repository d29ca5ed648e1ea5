import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import * as runtime from '../../src/runtime/index.js';
import * as testing from '../../src/testing/index.js';
import { describeWithCluster } from '../support/assets.js';
import { tempFolder } from '../support/temp.js';
import { typeErrors } from '../support/typecheck.js';
import { areas } from './conformance/index.js';

const text = readFileSync('docs/testing.md', 'utf8');

interface Snippet {
  readonly title: string;
  readonly kind: string;
  readonly code: string;
}

const snippets: readonly Snippet[] = [
  ...text.matchAll(/^#+ ([^\n]*)\n(?:(?!^#)[\s\S])*?^```ts ?(\w*)\n([\s\S]*?)^```$/gm),
].map(([, title = '', kind = '', code = '']) => ({ title, kind, code }));
const setup = snippets.find(({ kind }) => kind === 'setup')?.code ?? '';
const modules: Readonly<Record<string, object>> = { 'opgen/runtime': runtime, 'opgen/testing': testing };

/** Runs the snippet after the setup; gives what it prints. */
async function run(code: string): Promise<string> {
  const lines: string[] = [];
  const log = (...values: unknown[]) => lines.push(values.join(' '));
  const imported = (source: string) =>
    source
      .replace(/^import type .*$/gm, '')
      .replace(/^import \{(.*)\} from '(.*)';$/gm, (_, names: string, module: string) => {
        const values = names.split(',').filter((name) => !name.trim().startsWith('type '));
        return `const { ${values.join(',')} } = modules['${module}'];`;
      });
  const script = ts.transpile(`${imported(setup)}\n{\n${imported(code)}\n}`, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
  });
  const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => (...values: unknown[]) => unknown;
  await new AsyncFunction('modules', 'console', script)(modules, { log });
  return lines.join('\n');
}

const expectedOf = (code: string): string | undefined => /console\.log\(.*\); \/\/ (.*)$/m.exec(code)?.[1];

describe('docs/testing.md', () => {
  test('every snippet compiles', { timeout: 120_000 }, () => {
    const folder = tempFolder();
    const files = snippets
      .filter(({ kind }) => kind !== 'setup')
      .map(({ code }, index) => {
        const file = join(folder, `${index}.mts`);
        const imports = /^(import .*\n)+/m.exec(code)?.[0] ?? '';
        writeFileSync(file, `${imports}${setup}\n{\n${code.replace(imports, '')}\n}\nexport {};\n`);
        return file;
      });
    expect(files).toHaveLength([...text.matchAll(/^```ts/gm)].length - 1);
    expect(typeErrors(files)).toEqual([]);
  });

  test.each(snippets.filter(({ kind }) => kind === ''))('prints what it says: $title', async ({ code }) => {
    expect(expectedOf(code)).toBeDefined();
    expect(await run(code)).toBe(expectedOf(code));
  });

  test('says why scenarios differ, and nothing else', () => {
    const reasons = Object.values(areas).flatMap((list) => list.flatMap(({ differs }) => differs?.why ?? []));
    const section = /### Known differences\n([\s\S]*?)\n### /.exec(text)?.[1] ?? '';
    const listed = [...section.matchAll(/^- (.*)$/gm)].map(([, reason]) => reason);
    expect([...new Set(reasons)].sort()).toEqual(listed.sort());
  });
});

describeWithCluster('docs/testing.md on a control plane', () => {
  test.each(snippets.filter(({ kind }) => kind === 'cluster'))('$title', { timeout: 120_000 }, async ({ code }) => {
    expect(await run(code)).toBe(expectedOf(code));
  });
});
