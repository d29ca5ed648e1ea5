import { camelCase, type Sort, withElement, withImport } from './addition.js';

/** A command that reads the project and prints data, with a test. */
export const command: Sort = {
  name: 'NAME',
  pattern: /^[a-z][a-z0-9]*( [a-z][a-z0-9]*)?$/,
  form: 'one or two words in lower case',
  example: 'kinds',
  make(name) {
    const constant = camelCase(name);
    const file = name.replace(' ', '-');
    return {
      files: {
        [`src/cli/commands/${file}.ts`]: source(name, constant),
        [`test/cli/${file}.test.ts`]: test(name),
      },
      edits: {
        'src/cli/commands/index.ts': (before) =>
          withElement(withImport(before, `import { ${constant} } from './${file}.js';`, './'), 'commands', constant),
      },
      next: `what it does in src/cli/commands/${file}.ts`,
    };
  },
};

const source = (name: string, constant: string): string => `import { hasErrors } from '../../diagnostics.js';
import type { Command } from '../command.js';
import { notAProject, openWorkspace } from '../workspace.js';

export const ${constant}: Command = {
  name: '${name}',
  summary: 'print the kinds of the project',
  flags: [],
  examples: ['opgen ${name}', 'opgen ${name} --json'],
  async run(_input, env) {
    const { value, diagnostics } = openWorkspace(env.cwd);
    const { project, root } = value;
    if (hasErrors(diagnostics)) return { diagnostics, root };
    if (!project) return { diagnostics: [notAProject(root, env.cwd)] };
    const lines = project.resources.map(({ kind, version }) => \`\${kind} \${version}\\n\`);
    return { diagnostics, output: lines.join(''), root };
  },
};
`;

const test = (name: string): string => `import { expect, test } from 'vitest';
import { expectRefusal, memcachedProject, succeed } from '../support/opgen.js';
import { tempFolder } from '../support/temp.js';

test('prints the kinds of the project', async () => {
  const { stdout } = await succeed(await memcachedProject(), '${name.split(' ').join("', '")}');
  expect(stdout).toBe('Memcached v1alpha1\\n');
});

test('needs a project', async () => {
  await expectRefusal(tempFolder(), ['${name.split(' ').join("', '")}'], { status: 2, code: 'OG5002' });
});
`;
