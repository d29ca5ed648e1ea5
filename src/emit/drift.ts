import type { Diagnostic } from '../diagnostics.js';
import { shortDiff } from './diff.js';
import { formatManifest, manifestPath, parseManifest, withLf } from './manifest.js';
import type { Change } from './plan.js';

/** How each action reads when it is found instead of done. Conflicts are diagnostics of `plan` already. */
const findings = {
  create: { code: 'OG4003', must: 'exist', fact: 'it is missing' },
  update: { code: 'OG4002', must: 'be what opgen generates', fact: 'it is out of date' },
  delete: { code: 'OG4004', must: 'have a source', fact: 'nothing generates it any more' },
} as const;

/**
 * One error for each file that the plan would change, in the order of the plan. `command` gives the command line that rewrites the
 * files of a source. The manifest counts only where no other change explains its own, and never for opgen's version alone.
 */
export function drift(
  changes: readonly Change[],
  options: { readonly command: (source: string) => string },
): readonly Diagnostic[] {
  const files = changes.filter((change) => change.path !== manifestPath);
  const found = files.flatMap((change) => finding(change, options.command));
  const explained = found.length > 0 || files.some((change) => change.action === 'conflict');
  const manifest = changes.filter((change) => change.path === manifestPath && !onlyVersion(change));
  return explained ? found : manifest.flatMap((change) => finding(change, options.command));
}

function finding(change: Change, command: (source: string) => string): readonly Diagnostic[] {
  const { path, action, at, source } = change;
  if (action === 'keep' || action === 'conflict') return [];
  const { code, must, fact } = findings[action];
  const from = at ? `, which comes from ${at.file}:${at.line}:${at.column},` : '';
  const message = `\`${path}\`${from} must ${must}, but ${fact}`;
  const hint = `run \`${command(source)}\` and commit the result`;
  const diagnostic: Diagnostic = { code, severity: 'error', message, ...(at && { at }), hint };
  if (action === 'delete') return [diagnostic];
  return [{ ...diagnostic, detail: shortDiff(path, withLf(change.before ?? ''), withLf(change.after ?? '')) }];
}

function onlyVersion({ before, after }: Change): boolean {
  const files = (text: string | undefined) => parseManifest(text ?? '').value?.files;
  const [old, fresh] = [files(before), files(after)];
  if (!old || !fresh) return false;
  return formatManifest({ opgen: '', files: old }) === formatManifest({ opgen: '', files: fresh });
}
