import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasErrors } from '../../src/diagnostics.js';
import { generate } from '../../src/generate.js';
import type { Json } from '../../src/ir/schema.js';
import { validateObject } from '../../src/validate/object.js';
import { read } from './sources.js';

interface Variant {
  readonly values: readonly string[];
  readonly needsType: boolean;
  /** Whether a member is required; a member that is absent is none of the variant's. */
  readonly members: Readonly<Record<string, boolean>>;
}

const names = ['x', 'y-z', 'namespace', 'in', '__w'];

const members = fc.dictionary(fc.constantFrom(...names), fc.boolean(), { maxKeys: names.length });

/** Variants with values of their own: `a`, `b`, … in order. */
const unions: fc.Arbitrary<readonly Variant[]> = fc
  .array(fc.record({ count: fc.integer({ min: 1, max: 2 }), needsType: fc.boolean(), members }), {
    minLength: 2,
    maxLength: 4,
  })
  .map((drafts) => {
    const letters = [...'abcdefgh'];
    return drafts.map(({ count, ...rest }) => ({ ...rest, values: letters.splice(0, count) }));
  });

const typeText = ({ values, needsType, members }: Variant): string => {
  const type = `type${needsType ? '' : '?'}: ${values.map((value) => `'${value}'`).join(' | ')}`;
  const others = Object.entries(members).map(([name, required]) => `'${name}'${required ? '' : '?'}: string`);
  return `{ ${[type, ...others].join('; ')} }`;
};

/** Whether TypeScript would take the object for this variant. */
function isVariant({ values, needsType, members }: Variant, object: Readonly<Record<string, string>>): boolean {
  const { type, ...rest } = object;
  const isType = type === undefined ? !needsType : values.includes(type);
  const isComplete = Object.entries(members).every(([name, required]) => !required || Object.hasOwn(rest, name));
  return isType && isComplete && Object.keys(rest).every((name) => Object.hasOwn(members, name));
}

const objects = fc.tuple(fc.option(fc.constantFrom(...'abcdefgh'), { nil: undefined }), fc.subarray(names)).map(
  ([type, present]): Readonly<Record<string, string>> => ({
    ...(type !== undefined && { type }),
    ...Object.fromEntries(present.map((name) => [name, 'v'])),
  }),
);

test('the schema of a union takes the objects of its variants and no others', async () => {
  await fc.assert(
    fc.asyncProperty(unions, fc.array(objects, { minLength: 20, maxLength: 20 }), async (variants, samples) => {
      const { value, diagnostics } = await read({
        'src/api/v1/thing.ts': [
          '// +groupName=test.example.com',
          "import type { CustomResource } from 'opgen/api';",
          `export interface Thing extends CustomResource<${variants.map(typeText).join(' | ')}> {}`,
        ].join('\n'),
      });
      expect(hasErrors(diagnostics)).toBe(false);
      const { crds } = generate(undefined, value, { only: ['crds'] }).value;
      const schema = crds[0]!.object.spec.versions[0]!.schema.openAPIV3Schema;
      for (const spec of samples) {
        const object = { apiVersion: 'test.example.com/v1', kind: 'Thing', metadata: { name: 'x' }, spec };
        const isTaken = validateObject(schema, object as Json).length === 0;
        expect({ spec, isTaken }).toEqual({ spec, isTaken: variants.some((variant) => isVariant(variant, spec)) });
      }
    }),
    { numRuns: 40 },
  );
});
