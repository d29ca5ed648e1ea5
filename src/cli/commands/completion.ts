import { nearest } from '../../nearest.js';
import type { Command } from '../command.js';
import { completionScripts, type Shell, shells } from '../completion/scripts.js';

export const completion: Command = {
  name: 'completion',
  summary: 'print a script that completes commands, flags and names of the project in a shell',
  arguments: { usage: '<shell>', summary: `one of ${shells.join(', ')}`, completes: 'shells' },
  flags: [],
  examples: [
    'opgen completion bash > ~/.local/share/bash-completion/completions/opgen',
    'source <(opgen completion bash)',
    'opgen completion zsh > ~/.zfunc/_opgen',
    'opgen completion fish > ~/.config/fish/completions/opgen.fish',
    'opgen completion powershell | Out-String | Invoke-Expression',
  ],
  async run({ arguments: [name = ''] }) {
    if (isShell(name)) return { diagnostics: [], output: completionScripts[name] };
    const hint = `opgen completion ${nearest(name, shells) ?? shells[0]}`;
    const message = `\`completion\` must know the shell, one of ${shells.join(', ')}, but \`${name}\` is none`;
    return { diagnostics: [{ code: 'OG5001', severity: 'error', message, hint }] };
  },
};

const isShell = (name: string): name is Shell => shells.some((shell) => shell === name);
