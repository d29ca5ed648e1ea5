import type { Command } from '../command.js';

export const version: Command = {
  name: 'version',
  summary: 'print the version of opgen and of Node.js',
  flags: [],
  examples: ['opgen version', 'opgen version --json'],
  async run(_input, env) {
    return { diagnostics: [], output: `opgen ${env.version} (Node.js ${process.version})\n` };
  },
};
