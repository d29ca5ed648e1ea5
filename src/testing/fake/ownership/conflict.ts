import { ApiError } from '../../../runtime/errors.js';
import { comparePaths } from './fields.js';
import { textOfPath } from './fieldsv1.js';
import type { Manager } from './managers.js';
import type { FieldConflict } from './owners.js';

/** The refusal of an apply: 409 with a cause for each field. */
export function applyConflict(conflicts: readonly FieldConflict[]): ApiError {
  const found = conflicts.map(({ manager, path }) => ({ manager: described(manager), path }));
  const sorted = found
    .sort((a, b) => compareText(a.manager, b.manager) || comparePaths(a.path, b.path))
    .map(({ manager, path }) => ({ manager, path: textOfPath(path) }));
  const count = sorted.length === 1 ? '1 conflict' : `${sorted.length} conflicts`;
  const groups = [...new Set(sorted.map(({ manager }) => manager))].map((name) => {
    const paths = sorted.filter(({ manager }) => manager === name).map(({ path }) => path);
    return paths.length === 1
      ? `conflict with ${name}: ${paths[0]}`
      : `conflicts with ${name}:\n${paths.map((path) => `- ${path}`).join('\n')}`;
  });
  const causes = sorted.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field: path,
  }));
  const message = `Apply failed with ${count}: ${groups.join('\n')}`;
  return new ApiError(409, { reason: 'Conflict', message, details: { causes } });
}

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function described({ name, operation, subresource, apiVersion }: Manager): string {
  const part = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(name)}${part}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
