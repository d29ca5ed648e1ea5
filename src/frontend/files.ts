import { posix } from 'node:path';
import { Refusal } from '../diagnostics.js';

/** The part of a tree that is needed to find sources. */
interface Folders {
  read(path: string): string | undefined;
  list(dir: string): readonly string[];
}

/** The sources of a project: `src/**\/*.ts` without generated code, tests and declarations, sorted. */
export function projectSources(tree: Folders): readonly string[] {
  return filesBelow(tree, 'src').filter((path) => isSource(path) && !path.startsWith('src/generated/'));
}

/**
 * The files that `--paths` names, sorted: a file, all sources below a folder, or a glob. What matches nothing is refused, so that a slip does not look
 * like an empty API.
 */
export function namedSources(tree: Folders, patterns: readonly string[]): readonly string[] {
  const found = patterns.flatMap((pattern) => {
    const matches = matchPattern(tree, posix.normalize(pattern.replace(/\\/g, '/')).replace(/\/$/, ''));
    if (matches.length > 0) return matches;
    const message = `\`--paths\` must name TypeScript files, but \`${pattern}\` matches none`;
    throw new Refusal({
      code: 'OG5001',
      severity: 'error',
      message,
      hint: 'name a file, a folder or a quoted glob: `--paths "src/api/**/*.ts"`',
    });
  });
  return [...new Set(found)].sort();
}

function matchPattern(tree: Folders, pattern: string): readonly string[] {
  if (/[*?[{]/.test(pattern)) {
    const base = posix.dirname(pattern.slice(0, pattern.search(/[*?[{]/)) + 'x');
    const glob = globExpression(pattern);
    return filesBelow(tree, base).filter((path) => isSource(path) && glob.test(path));
  }
  const below = filesBelow(tree, pattern).filter(isSource);
  if (below.length > 0) return below;
  return pattern.endsWith('.ts') && posix.dirname(pattern) !== pattern && isFile(tree, pattern) ? [pattern] : [];
}

/** `**` any folders, `*` and `?` within a name, `{a,b}` alternatives. */
function globExpression(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/|\*\*|\*|\?|\{[^}]*\})/);
  const translate = (part: string): string => {
    if (part === '**/') return '(?:[^/]+/)*';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.startsWith('{')) return `(?:${part.slice(1, -1).split(',').map(escapeRegExp).join('|')})`;
    return escapeRegExp(part);
  };
  return new RegExp(`^${parts.map(translate).join('')}$`);
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const isFile = (tree: Folders, path: string): boolean => tree.list(posix.dirname(path)).includes(posix.basename(path));

const isSource = (path: string): boolean =>
  path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.endsWith('.test.ts');

function filesBelow(tree: Folders, dir: string): readonly string[] {
  return tree.list(dir).flatMap((name) => {
    if (name === 'node_modules/') return [];
    const path = posix.join(dir, name);
    return name.endsWith('/') ? filesBelow(tree, path.slice(0, -1)) : [path];
  });
}
