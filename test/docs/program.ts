import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import * as runtime from '../../src/runtime/index.js';
import * as testing from '../../src/testing/index.js';

/** Names by module; those of types alone with `type `. */
type Imports = ReadonlyMap<string, ReadonlySet<string>>;

const importLine = /^import (type )?\{([^}]*)\} from '(.*)';\n/gm;

function importsOf(code: string): Imports {
  const found = new Map<string, Set<string>>();
  for (const [, isType = '', names = '', module = ''] of code.matchAll(importLine)) {
    const among = found.get(module) ?? new Set<string>();
    found.set(module, among);
    for (const name of names.split(',').map((each) => each.trim())) if (name !== '') among.add(`${isType}${name}`);
  }
  for (const names of found.values()) for (const name of [...names]) names.delete(`type ${name}`);
  return found;
}

/** The setup, and the code in a block of its own, as the body of a module: what both import is imported once. */
const bodyOf = (setup: string, code: string): string =>
  `${setup.replace(importLine, '')}\n{\n${code.replace(importLine, '')}\n}\n`;

/** A module that the compiler can check. */
export function moduleOf(setup: string, code: string): string {
  const imports = [...importsOf(setup + code)].map(
    ([module, names]) => `import { ${[...names].join(', ')} } from '${module}';\n`,
  );
  return `${imports.join('')}${bodyOf(setup, code)}export {};\n`;
}

const own: Readonly<Record<string, object>> = { 'opgen/runtime': runtime, 'opgen/testing': testing };

async function load(module: string): Promise<object> {
  const [, path] = /^opgen\/(k8s.*)$/.exec(module) ?? [];
  const file = path === 'k8s' ? 'k8s/index' : path;
  return own[module] ?? import(file === undefined ? module : pathToFileURL(resolve(`dist/${file}.js`)).href);
}

/** Runs the code after the setup; gives what it prints. */
export async function run(setup: string, code: string): Promise<string> {
  const lines: string[] = [];
  const log = (...values: unknown[]) => lines.push(values.map(String).join(' '));
  const constants: string[] = [];
  const modules: Record<string, object> = {};
  for (const [module, names] of importsOf(setup + code)) {
    const values = [...names].filter((name) => !name.startsWith('type '));
    constants.push(`const { ${values.join(', ').replaceAll(' as ', ': ')} } = modules['${module}'];\n`);
    modules[module] = await load(module);
  }
  const script = ts.transpile(constants.join('') + bodyOf(setup, code), {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
  });
  const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => (...values: unknown[]) => unknown;
  await new AsyncFunction('modules', 'console', script)(modules, { log });
  return lines.join('\n');
}
