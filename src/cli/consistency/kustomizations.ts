import { posix } from 'node:path';
import type { Diagnostic } from '../../diagnostics.js';
import type { Change } from '../../emit/plan.js';
import type { Tree } from '../../emit/tree.js';
import { fromYaml } from '../../emit/yaml.js';

const files = [
  'config/crd/kustomization.yaml',
  'config/rbac/kustomization.yaml',
  'config/samples/kustomization.yaml',
  'config/webhook/kustomization.yaml',
];

/**
 * Entries of the scaffolded kustomizations that name a file which does not exist once the plan is applied: `kustomize build` would fail on them.
 * The lists are the user's, so opgen says so and does not take lines out.
 */
export function checkKustomizations(
  tree: Tree,
  changes: readonly Change[],
  severity: Diagnostic['severity'],
): readonly Diagnostic[] {
  return files.flatMap((file) => {
    const text = after(file, tree, changes);
    if (text === undefined) return [];
    return resourcesOf(text, file)
      .filter((entry) => isLocal(entry) && !exists(posix.join(posix.dirname(file), entry), tree, changes))
      .map((entry) => dangling(file, text, entry, severity));
  });
}

function after(path: string, tree: Tree, changes: readonly Change[]): string | undefined {
  const change = changes.find((each) => each.path === path);
  return change ? change.after : tree.read(path);
}

function resourcesOf(text: string, file: string): readonly string[] {
  const [document] = fromYaml(text, file).value;
  const resources =
    typeof document === 'object' && document !== null && 'resources' in document ? document.resources : [];
  return Array.isArray(resources) ? resources.filter((each) => typeof each === 'string') : [];
}

const isLocal = (entry: string): boolean => !/^[a-z+]+:|^github\.com|^\.\.\//.test(entry) && /\.ya?ml$/.test(entry);

function exists(path: string, tree: Tree, changes: readonly Change[]): boolean {
  const change = changes.find((each) => each.path === path);
  if (change) return change.action !== 'delete';
  return tree.list(posix.dirname(path)).includes(posix.basename(path));
}

function dangling(file: string, text: string, entry: string, severity: Diagnostic['severity']): Diagnostic {
  const lines = text.split('\n');
  const index = Math.max(
    0,
    lines.findIndex((line) => line.includes(entry)),
  );
  const at = { file, line: index + 1, column: (lines[index]?.indexOf(entry) ?? 0) + 1 };
  const message = `A kustomization must list files that exist, but \`${entry}\` does not`;
  return { code: 'OG4013', severity, at, message, hint: 'remove the line, or put the name of the new file there' };
}
