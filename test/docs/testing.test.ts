import { describe, expect, test } from 'vitest';
import { describeWithCluster } from '../support/assets.js';
import { areas } from '../testing/conformance/index.js';
import { checkPrograms } from './checks.js';
import { expectedOf, readPage } from './page.js';
import { run } from './program.js';

const page = readPage('docs/testing.md');

describe('docs/testing.md', () => {
  checkPrograms(page);

  test('says why scenarios differ, and nothing else', () => {
    const reasons = Object.values(areas).flatMap((list) => list.flatMap(({ differs }) => differs?.why ?? []));
    const section = /### Known differences\n([\s\S]*?)\n### /.exec(page.text)?.[1] ?? '';
    const listed = [...section.matchAll(/^- (.*)$/gm)].map(([, reason]) => reason);
    expect([...new Set(reasons)].sort()).toEqual(listed.sort());
  });
});

describeWithCluster('docs/testing.md on a control plane', () => {
  test.each(page.snippets.filter(({ kind }) => kind === 'cluster'))(
    '$title',
    { timeout: 120_000 },
    async ({ code }) => {
      expect(await run(page.setup, code)).toBe(expectedOf(code));
    },
  );
});
