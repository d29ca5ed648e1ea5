import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics.js';

const root = resolve('fixtures/edits');
const runs = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('run.ts'));

for (const run of runs.sort()) {
  const dir = join(root, dirname(run));
  const name = readdirSync(dir).find((file) => file.startsWith('input.'))!;

  test(dirname(run), async () => {
    const { edit }: { edit(before: string): string | Diagnostic } = await import(join(dir, 'run.ts'));
    const input = readFileSync(join(dir, name), 'utf8');
    const once = edit(input);
    if (typeof once !== 'string') {
      await expect(report(once)).toMatchFileSnapshot(join(dir, 'refusal.txt'));
      return;
    }
    await expect(once).toMatchFileSnapshot(join(dir, `output${extname(name)}`));
    expect(edit(once), 'a second run must change nothing').toBe(once);
    const windows = input.replaceAll('\n', '\r\n');
    expect(edit(windows), 'CRLF must stay CRLF').toBe(once.replaceAll('\n', '\r\n'));
  });
}

function report({ code, message, at, hint, detail }: Diagnostic): string {
  const place = at === undefined ? '' : `${at.file}:${at.line}:${at.column} `;
  return [`${place}${code}: ${message}`, `hint: ${hint}`, ...(detail === undefined ? [] : [detail]), ''].join('\n');
}
