import { keyText, scalarText } from './scalar.js';

type Members = { readonly [key: string]: unknown };

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether `nodeText` can write it: lists and maps of JSON without keys that need a line of their own and without strings whose last line break counts. */
export const isCommon = (value: unknown): boolean => isNested(value) && isCommonNode(value);

function isCommonNode(value: unknown): boolean {
  if (typeof value === 'string') return !value.endsWith('\n');
  if (!isNested(value)) return value === null || typeof value === 'boolean' || isCommonNumber(value);
  if (Array.isArray(value)) return value.every(isCommonNode);
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.keys(value).every((key) => isCommonKey(key) && isCommonMember((value as Members)[key]));
}

/** Not -0, which a map of the texts would take for 0. */
const isCommonNumber = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0);

const isCommonKey = (key: string): boolean => key.length <= 256 && !key.includes('\n');

const isCommonMember = (value: unknown): boolean => value === undefined || isCommonNode(value);

/** A value whose first line begins where its parent has put it, without the end of its last line. */
export function nodeText(value: unknown, level: number): string {
  if (!isNested(value)) return indented(scalarText(value), level);
  return Array.isArray(value) ? listText(value, level) : mapText(value as Members, level);
}

/** Sorted by code unit; members that are undefined are left out. */
function mapText(members: Members, level: number): string {
  const keys = Object.keys(members)
    .filter((key) => members[key] !== undefined)
    .sort();
  if (keys.length === 0) return '{}';
  return keys.map((key) => keyText(key) + behindKey(members[key], level)).join(lineAt(level));
}

/** A list or map with content begins on the next line. */
function behindKey(value: unknown, level: number): string {
  const text = nodeText(value, level + 1);
  return isNested(value) && text !== '[]' && text !== '{}' ? lineAt(level + 1) + text : ` ${text}`;
}

function listText(items: readonly unknown[], level: number): string {
  if (items.length === 0) return '[]';
  return items.map((item) => `- ${nodeText(item, level + 1)}`).join(lineAt(level));
}

const lines: string[] = [];

/** A new line at a level, indented by two spaces for each. */
const lineAt = (level: number): string => (lines[level] ??= `\n${'  '.repeat(level)}`);

/** A block of several lines, moved from level 1. */
function indented(text: string, level: number): string {
  if (!text.includes('\n')) return text;
  return text.replace(/\n(?!\n|$)/g, lineAt(level - 1));
}
