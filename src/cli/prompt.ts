import type { Flag } from './command.js';

/** Whether somebody can answer: stdin and stderr are a terminal, and no CI is at work. */
export const isInteractive = (): boolean =>
  process.stdin.isTTY === true && process.stderr.isTTY === true && !process.env.CI;

function complaint(flag: Flag, value: string): string | undefined {
  const found = flag.check?.(value);
  return found && `${found.message}${found.hint ? ` (${found.hint})` : ''}`;
}

/** Asks for the value of a flag. Questions go to stderr, so that stdout stays data. Ctrl-C throws inquirer's ExitPromptError. */
export async function prompt(flag: Flag, defaultValue: string | undefined): Promise<string> {
  const { createPromptModule } = (await import('inquirer')).default;
  const ask = createPromptModule({ output: process.stderr });
  const question = {
    type: 'input' as const,
    name: 'value' as const,
    message: flag.prompt!,
    ...(defaultValue === undefined ? {} : { default: defaultValue }),
    validate: (value: string) => complaint(flag, value.trim()) ?? true,
  };
  const answers = await ask([question]);
  return String(answers.value).trim();
}
