import { expect } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics.js';
import { hasErrors, Refusal } from '../../src/diagnostics.js';
import { nodeLimit } from '../../src/frontend/types/scope.js';
import { generate } from '../../src/generate.js';
import { read, type Sources } from './sources.js';

/** Every diagnostic of the front end has a place inside of a source. */
export function expectPlaces(diagnostics: readonly Diagnostic[], sources: Sources): void {
  for (const { at, message } of diagnostics) {
    const text = at && sources[at.file];
    expect(text, `${message}: ${JSON.stringify(at)}`).toBeDefined();
    const line = text!.split(/\r\n|[\r\n\u2028\u2029]/)[at!.line - 1];
    expect(line, `${message}: ${JSON.stringify(at)}`).toBeDefined();
    expect(at!.column).toBeGreaterThan(0);
    expect(at!.column).toBeLessThanOrEqual(line!.length + 1);
  }
}

/** The number of nodes of a schema; one that stands in several places counts once. */
function sizeOf(schema: object): number {
  const seen = new Set<object>([schema]);
  let count = 0;
  for (const next of seen) {
    if ('kind' in next && 'at' in next) count++;
    for (const each of Object.values(next)) if (typeof each === 'object' && each !== null) seen.add(each);
  }
  return count;
}

/**
 * Reading gives positioned diagnostics, or an API that generates or is refused as a whole; what is read of a kind is never more than the limit.
 */
export async function expectTotal(sources: Sources): Promise<void> {
  const { value, diagnostics } = await read(sources);
  expect(value.files.length).toBeGreaterThan(0);
  expectPlaces(diagnostics, sources);
  for (const kind of value.kinds) expect(sizeOf(kind.schema)).toBeLessThanOrEqual(nodeLimit);
  if (hasErrors(diagnostics)) return;
  try {
    generate(undefined, value, { only: ['crds', 'rbac'] });
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
  }
}
