import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import * as typescriptJsonSchema from 'typescript-json-schema';
import { packageRoot } from '../src/package.js';

const declaration = `/** The parts of a JSON schema that tell which keys are known. */
export interface Shape {
  readonly properties?: { readonly [key: string]: Shape };
  readonly items?: Shape;
}

/** The schema of PROJECT. */
export declare const schema: Shape;

/** Whether a value has the shape of PROJECT; \`errors\` are those of the last call. Made by scripts/project-schema.ts. */
export declare const validate: {
  (value: unknown): boolean;
  errors: readonly {
    readonly instancePath: string;
    readonly keyword: string;
    readonly params: { readonly [name: string]: unknown };
  }[] | null;
};
`;

/**
 * Writes `dist/project.schema.json` (the JSON schema of PROJECT, for editors) and `src/project/generated/validate.{js,d.ts}` (the same
 * as code that imports nothing), both made from the type `ProjectFile`.
 */
export async function buildProjectSchema(): Promise<void> {
  const schema = projectSchema();
  const ajv = new Ajv({ allErrors: true, code: { source: true, esm: true, lines: true } });
  const code = standalone.default(ajv, ajv.compile(schema));
  if (/\brequire\(|^import\b/m.test(code))
    throw new Error('The validator of PROJECT must not import, but ajv wrote an import');
  write('dist/project.schema.json', `${JSON.stringify(schema, null, 2)}\n`);
  write('src/project/generated/validate.js', `${code}\nexport const schema = ${JSON.stringify(schema)};\n`);
  write('src/project/generated/validate.d.ts', declaration);
}

function projectSchema(): object {
  const { getProgramFromFiles, generateSchema } = typescriptJsonSchema;
  const program = getProgramFromFiles([join(packageRoot, 'src/project/model.ts')], {
    strict: true,
    target: 'es2023',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: [],
  });
  // Definitions would be named after the absolute path of the source: `ref: false` writes them in place.
  const schema = generateSchema(program, 'ProjectFile', { required: true, strictNullChecks: true, ref: false });
  if (schema === null) throw new Error('typescript-json-schema found no type `ProjectFile` in src/project/model.ts');
  return schema;
}

function write(path: string, text: string): void {
  const target = join(packageRoot, path);
  mkdirSync(join(target, '..'), { recursive: true });
  writeFileSync(target, text);
}
