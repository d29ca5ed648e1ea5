import type { Semver } from '../value.js';
import { EvaluationError } from '../value.js';
import type { CelFunction } from './function.js';
import { global, member, overload } from './function.js';

const number = '(0|[1-9]\\d*)';
const identifiers = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const grammar = new RegExp(`^${number}\\.${number}\\.${number}(?:-(${identifiers}))?(?:\\+${identifiers})?$`);

/** A semantic version; absent for other text. */
function parseSemver(text: string): Semver | undefined {
  const match = grammar.exec(text);
  if (!match) return undefined;
  const numbers = match.slice(1, 4).map(BigInt) as [bigint, bigint, bigint];
  const prerelease = match[4]?.split('.') ?? [];
  const isValid = prerelease.every((part) => !/^0\d+$/.test(part)) && numbers.every((each) => each < 2n ** 64n);
  return isValid ? { kind: 'semver', numbers, prerelease } : undefined;
}

/** Without a leading `v` and zeros, with minor and patch filled in. */
function normalized(text: string): string {
  const parts = text.replace(/^v/, '').split('.');
  const pieces = [...parts.slice(0, 2), ...(parts.length > 2 ? [parts.slice(2).join('.')] : [])];
  const numbers = pieces.map((part) => (part.length > 1 ? part.replace(/^0+/, '').replace(/^(?!\d)/, '0') : part));
  if (numbers.length < 3 && /[+-]/.test(numbers.at(-1)!)) return '';
  return [...numbers, '0', '0'].slice(0, 3).join('.');
}

const read = (text: string, normalize: boolean): Semver | undefined => parseSemver(normalize ? normalized(text) : text);

function semver(text: string, normalize: boolean): Semver {
  const value = read(text, normalize);
  if (!value) throw new EvaluationError(`${JSON.stringify(text)} is no semantic version`);
  return value;
}

const part = (name: string, index: 0 | 1 | 2): CelFunction =>
  member(
    '1.33',
    name,
    overload<[Semver]>(['semver'], ([{ numbers }]) => numbers[index]),
  );

/** Comparisons are in `ordered.ts`. */
export const semvers: readonly CelFunction[] = [
  global(
    '1.33',
    'semver',
    overload<[string]>(['string'], ([text]) => semver(text, false)),
    overload<[string, boolean]>(['string', 'bool'], (args) => semver(...args)),
  ),
  global(
    '1.33',
    'isSemver',
    overload<[string]>(['string'], ([text]) => read(text, false) !== undefined),
    overload<[string, boolean]>(['string', 'bool'], (args) => read(...args) !== undefined),
  ),
  part('major', 0),
  part('minor', 1),
  part('patch', 2),
];
