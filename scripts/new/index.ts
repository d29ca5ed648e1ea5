import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Addition, Sort } from './addition.js';
import { command } from './command.js';
import { generator } from './generator.js';
import { marker } from './marker.js';
import { rule } from './rule.js';
import { template } from './template.js';

/** `npm run new -- marker|generator|command|rule|template NAME`: a small example of each that passes every check, to be made into the real thing. */
const sorts: Readonly<Record<string, Sort>> = { marker, generator, command, rule, template };

const [sort = '', ...words] = process.argv.slice(2);
const problem = misuse(sort, words) ?? add(sorts[sort]!.make(words.join(' ')));
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
}

function misuse(sort: string, words: readonly string[]): string | undefined {
  const usage = Object.entries(sorts).map(
    ([each, { name, example }]) => `  npm run new -- ${each} ${name}   such as ${example}`,
  );
  if (!Object.hasOwn(sorts, sort)) {
    const fact = sort === '' ? 'nothing is given' : `\`${sort}\` is none`;
    return `What is new must be one of ${Object.keys(sorts).join(', ')}, but ${fact}:\n${usage.join('\n')}`;
  }
  const { pattern, form, example } = sorts[sort]!;
  const name = words.join(' ');
  if (pattern.test(name)) return undefined;
  return `The name of a ${sort} must be ${form}, but \`${name}\` is not. hint: npm run new -- ${sort} ${example}`;
}

/** Writes nothing if something of it is there already. */
function add({ files, edits, next }: Addition): string | undefined {
  const taken = Object.keys(files).filter((path) => existsSync(path));
  if (taken.length > 0)
    return `A new name must be free, but ${taken.map((path) => `\`${path}\``).join(', ')} exists. hint: take another one`;
  const edited = Object.entries(edits).map(([path, edit]) => [path, edit(readFileSync(path, 'utf8'))] as const);
  const all = [...Object.entries(files), ...edited];
  for (const [path, text] of all) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const formatted = all.map(([path]) => path).filter((path) => /^(src|test)\/.*\.ts$/.test(path));
  execFileSync('npx', ['biome', 'check', '--write', ...formatted], { stdio: ['ignore', 'ignore', 'pipe'] });
  execFileSync('npx', ['tsx', 'scripts/docs.ts'], { stdio: 'inherit' });
  for (const [path] of all) process.stdout.write(`${path in files ? '+' : '~'} ${path}\n`);
  process.stdout.write(`Next: ${next}.\n`);
  return undefined;
}
