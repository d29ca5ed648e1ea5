import nodeFs from 'node:fs';
import type { Fs } from '../../src/emit/disk.js';

/** Every function that `apply` may call. */
const calls = [
  'accessSync',
  'closeSync',
  'fchmodSync',
  'fsyncSync',
  'lstatSync',
  'mkdirSync',
  'openSync',
  'readFileSync',
  'realpathSync',
  'renameSync',
  'rmdirSync',
  'unlinkSync',
  'writeFileSync',
] as const satisfies readonly (keyof Fs)[];

export type Call = (typeof calls)[number];

/** `node:fs` with `before` run ahead of each call, with the number of the call and how to perform half of it. */
export function watched(before: (number: number, call: Call, half: () => void) => void): Fs {
  let number = 0;
  const wrap = (call: Call) => {
    const real = nodeFs[call] as (...args: unknown[]) => unknown;
    return (...args: unknown[]) => {
      before(++number, call, () => half(call, args));
      return real(...args);
    };
  };
  return Object.fromEntries(calls.map((call) => [call, wrap(call)])) as unknown as Fs;
}

/** Only a write has a half. */
function half(call: Call, args: readonly unknown[]): void {
  if (call !== 'writeFileSync') return;
  const [file, bytes] = args as [number, Buffer];
  nodeFs.writeSync(file, bytes, 0, Math.floor(bytes.length / 2));
}

export const systemError = (code: string): Error => Object.assign(new Error(`${code}: injected`), { code });
