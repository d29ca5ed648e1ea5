import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Crd, CrdObject } from '../../src/crd/crd.js';
import type { Rule } from '../../src/validate/rule.js';

export const root = join('fixtures', 'validate');

/** The folders of fixtures: each is named by a rule and holds `passes.yaml` and `refused.yaml`. */
export const fixtureNames = readdirSync(root).sort();

/** The folder of a rule: its id and its claim. */
export function fixtureOf({ id, claim }: Rule): string {
  return `${id} ${claim}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** The CRDs of a file; everything in them comes from the place of the file that its name states. */
export function readCrds(fixture: string, file: 'passes.yaml' | 'refused.yaml'): readonly Crd[] {
  return parseAllDocuments(readFileSync(join(root, fixture, file), 'utf8')).map((document) =>
    crdOf(document.toJS(), file),
  );
}

export function crdOf(object: unknown, file = 'crd.yaml'): Crd {
  return { object: object as CrdObject, positions: new Map(), at: { file, line: 1, column: 1 } };
}
