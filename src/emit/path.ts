import type { Diagnostic } from '../diagnostics.js';
import { pathProblem } from './problem.js';

/** Each rule, as the end of the sentence "a path …", with what breaks it. */
const pathRules: readonly (readonly [rule: string, broken: (path: string) => boolean])[] = [
  ['must not be empty', (path) => path === ''],
  ['must not contain control characters', (path) => /\p{Cc}/u.test(path)],
  ['must not contain half a surrogate pair', (path) => /\p{Surrogate}/u.test(path)],
  ['must use forward slashes', (path) => path.includes('\\')],
  ['must not start with a drive letter', (path) => /^[A-Za-z]:/.test(path)],
  ['must be relative', (path) => path.startsWith('/')],
];

const segmentRules: readonly (readonly [rule: string, broken: (segment: string) => boolean])[] = [
  ['must not have an empty segment', (segment) => segment === ''],
  ['must not contain `.` or `..` as a segment', (segment) => segment === '.' || segment === '..'],
  ['must not have a segment that ends in a dot or a space', (segment) => /[. ]$/.test(segment)],
  ['must not contain characters that Windows reserves (`<>:"|?*`)', (segment) => /[<>:"|?*]/.test(segment)],
  ['must not use a name that Windows reserves, such as `CON` or `aux.txt`', isReservedName],
  ['must not have a segment of more than 255 bytes', (segment) => Buffer.byteLength(segment) > 255],
];

/** The rule that `path` breaks, as the end of a sentence (`must be relative`); undefined: it may be written on any platform. */
export function unsafePath(path: string): string | undefined {
  const whole = pathRules.find(([, broken]) => broken(path));
  if (whole) return whole[0];
  const segments = path.split('/');
  return segmentRules.find(([, broken]) => segments.some(broken))?.[0];
}

function isReservedName(segment: string): boolean {
  return /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)/i.test(segment);
}

/** Whether the paths are safe, and can be files beside each other on every file system. */
export function checkPaths(paths: readonly string[]): readonly Diagnostic[] {
  const unsafe = paths.flatMap((path) => {
    const rule = unsafePath(path);
    return rule === undefined ? [] : [pathProblem(path, rule)];
  });
  return [...unsafe, ...collisions(paths)];
}

/** Paths that would be one file on some file system, or that have another one's file as a folder. */
function collisions(paths: readonly string[]): readonly Diagnostic[] {
  const seen = new Map<string, string>();
  const same = paths.flatMap((path) => {
    const other = seen.get(foldPath(path));
    seen.set(foldPath(path), other ?? path);
    return other === undefined ? [] : [collision(path, sameFile(path, other))];
  });
  const below = paths.flatMap((path) => {
    const other = parentsOf(foldPath(path)).find((parent) => seen.has(parent));
    return other === undefined ? [] : [collision(path, `\`${seen.get(other)}\` is a file as well, not a folder`)];
  });
  return [...same, ...below];
}

function sameFile(path: string, other: string): string {
  if (path === other) return 'it is written twice';
  return `\`${other}\` is the same file where case or Unicode form do not count`;
}

function collision(path: string, fact: string): Diagnostic {
  return { code: 'OG4005', severity: 'error', message: `\`${path}\` must be a file of its own, but ${fact}` };
}

/** Two paths with one folded form are one file on a file system that ignores case or normalises Unicode. */
function foldPath(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/** `a/b/c` → `['a', 'a/b']`. */
export function parentsOf(path: string): readonly string[] {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}
