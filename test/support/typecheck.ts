import { resolve } from 'node:path';
import ts from 'typescript';

/** What the compiler says about the files, in a strict project that exports declarations. Imports from opgen lead to its sources. */
export function typeErrors(files: readonly string[], isolatedDeclarations = false): readonly string[] {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    declaration: true,
    isolatedDeclarations,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    paths: {
      'opgen/k8s': [resolve('dist/k8s/index.d.ts')],
      'opgen/k8s/*': [resolve('dist/k8s/*.d.ts')],
      'opgen/*': [resolve('src/*/index.ts')],
      'vitest/config': [resolve('node_modules/vitest/dist/config.d.ts')],
      vitest: [resolve('node_modules/vitest/dist/index.d.ts')],
    },
  });
  const own = new Set(files.map((file) => resolve(file)));
  return ts
    .getPreEmitDiagnostics(program)
    .filter((each) => !each.file || own.has(resolve(each.file.fileName)))
    .map((each) => `${each.file?.fileName}: ${ts.flattenDiagnosticMessageText(each.messageText, ' ')}`);
}
