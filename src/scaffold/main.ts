import type { Diagnostic } from '../diagnostics.js';
import type { Artifact } from '../emit/artifact.js';
import { insertAtAnchor, insertImport } from '../template/insert.js';
import { readTemplates } from '../template/load.js';

export const mainFile = 'src/main.ts';

interface Added {
  /** What the controller is exported as. */
  readonly constant: string;
  /** As `src/main.ts` imports it. */
  readonly module: string;
}

/** `src/main.ts` with the controller in it. */
export function mainArtifact(added: Added): Artifact {
  const initial = readTemplates('init').find(({ path }) => path === mainFile)?.content ?? '';
  return { path: mainFile, owner: 'shared', initial, edit: (before) => addController(before, added) };
}

/** A text that has the controller, written whichever way, comes back as it is. */
function addController(before: string, { constant, module }: Added): string | Diagnostic {
  const imported = new RegExp(`^import\\s*\\{[^}]*\\b${constant}\\b[^}]*\\}\\s*from\\b`, 'm').test(before);
  const text = imported
    ? before
    : insertImport(before, 'imports', `import { ${constant} } from '${module}';`, mainFile);
  if (typeof text !== 'string' || new RegExp(`\\.add\\([^)]*\\b${constant}\\b`).test(before)) return text;
  const manager = /\b(\w+)\s*=\s*createManager\(/.exec(before)?.[1] ?? 'manager';
  return insertAtAnchor(text, 'builder', [`${manager}.add(${constant});`], mainFile);
}
