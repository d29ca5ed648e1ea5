import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examples, makeExample } from '../test/support/example.js';

/** Makes fixtures/projects anew: each project from its steps and the files that its author wrote. */
for (const name of examples) {
  const folder = mkdtempSync(join(tmpdir(), 'opgen-example-'));
  const target = join('fixtures/projects', name);
  await makeExample(name, folder);
  const kept = new Set(['steps.sh', 'authored.txt']);
  for (const entry of readdirSync(target)) if (!kept.has(entry)) rmSync(join(target, entry), { recursive: true });
  for (const entry of readdirSync(folder)) {
    if (entry !== 'node_modules') cpSync(join(folder, entry), join(target, entry), { recursive: true });
  }
  rmSync(folder, { recursive: true });
  process.stdout.write(`fixtures/projects/${name}\n`);
}
