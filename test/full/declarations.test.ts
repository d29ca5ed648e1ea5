import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packedOpgen } from '../support/packed.js';
import { run } from '../support/process.js';
import { tempFolder } from '../support/temp.js';

/** Versions of TypeScript under which the published declarations have to compile, lib checks included. */
const versions = ['5.9', '6.0', '7.0'] as const;

describe('the published declarations compile', () => {
  test.each(versions)('TypeScript %s', async (version) => {
    const folder = tempFolder();
    const tarball = await packedOpgen();
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
    const specs = [tarball, `typescript@~${version}.0`, '@types/node@20'];
    const installed = await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...specs], {
      cwd: folder,
      timeout: 170_000,
    });
    expect(installed.status, installed.stderr).toBe(0);
    const options = {
      strict: true,
      exactOptionalPropertyTypes: true,
      module: 'nodenext',
      target: 'es2023',
      types: ['node'],
      noEmit: true,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
    const program = ['opgen', 'opgen/api', 'opgen/k8s', 'opgen/k8s/apps/v1', 'opgen/runtime', 'opgen/testing']
      .map((entry, index) => `import * as entry${index} from '${entry}';\nexport { entry${index} };\n`)
      .join('');
    writeFileSync(join(folder, 'use.ts'), program);
    const compiled = await run(join(folder, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: folder, timeout: 170_000 });
    expect(compiled.stdout).toBe('');
    expect(compiled.status).toBe(0);
  });
});
