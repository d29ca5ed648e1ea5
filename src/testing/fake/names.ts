import { randomInt, randomUUID } from 'node:crypto';

const letters = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const longestBase = 63 - suffixLength;

export const newUid = (): string => randomUUID();

/** What generateName becomes: the prefix with five random characters. */
export function generatedName(prefix: string): string {
  const suffix = Array.from({ length: suffixLength }, () => letters[randomInt(letters.length)]).join('');
  return `${prefix.slice(0, longestBase)}${suffix}`;
}
