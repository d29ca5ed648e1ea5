import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { JsonSchema } from '../../src/crd/crd.js';
import type { Json } from '../../src/ir/schema.js';

export const objectRoot = join('fixtures', 'objects');

/** The folders of objects, named by what is claimed of them; `crd.yaml` beside them declares their kind. */
export const objectNames = readdirSync(objectRoot)
  .filter((name) => name !== 'crd.yaml')
  .sort();

export function readSchema(): JsonSchema {
  return parse(readFileSync(join(objectRoot, 'crd.yaml'), 'utf8')).spec.versions[0].schema.openAPIV3Schema;
}

export function readObject(name: string): Json {
  return parse(readFileSync(join(objectRoot, name, 'object.yaml'), 'utf8'));
}

export function expectedLines(name: string): readonly string[] {
  return readFileSync(join(objectRoot, name, 'expected.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
