import type { Crd, JsonObject } from '../crd/crd.js';
import type { Diagnostic } from '../diagnostics.js';
import type { Change } from '../emit/plan.js';
import { fromYaml } from '../emit/yaml.js';
import type { Json } from '../ir/schema.js';
import { validateObject } from '../validate/object.js';

/**
 * Samples that are the user's by now, held against the schemas: `changes` that keep a sample. A sample that does not match is a warning while
 * the types are being written, and an error for `--check`.
 */
export function checkSamples(
  changes: readonly Change[],
  crds: readonly Crd[],
  severity: Diagnostic['severity'],
): readonly Diagnostic[] {
  return changes
    .filter((change) => change.source === 'samples' && change.action === 'keep' && change.before !== undefined)
    .flatMap((change) => checkSample(change.path, change.before!, crds, severity));
}

function checkSample(
  path: string,
  text: string,
  crds: readonly Crd[],
  severity: Diagnostic['severity'],
): readonly Diagnostic[] {
  const { value: documents, diagnostics } = fromYaml(text, path);
  const findings = documents.flatMap((document): Diagnostic[] => {
    const schema = isObject(document) ? schemaOf(document, crds) : undefined;
    if (!schema) return [];
    return validateObject(schema, document).map(({ message }) => ({
      code: 'OG3101',
      severity,
      at: { file: path, line: 1, column: 1 },
      message: `A sample must match its schema, but: ${message}`,
      hint: `correct it, or write it anew with \`opgen generate samples --force=${path}\``,
    }));
  });
  return [...diagnostics, ...findings];
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function schemaOf(document: JsonObject, crds: readonly Crd[]) {
  const crd = crds.find(
    ({ object: { spec } }) =>
      spec.names.kind === document.kind && String(document.apiVersion).startsWith(`${spec.group}/`),
  );
  return crd?.object.spec.versions.find(({ name }) => document.apiVersion === `${crd.object.spec.group}/${name}`)
    ?.schema.openAPIV3Schema;
}
