import type { Crd, JsonObject } from '../../crd/crd.js';
import type { Diagnostic } from '../../diagnostics.js';
import type { Change } from '../../emit/plan.js';
import type { Tree } from '../../emit/tree.js';
import { fromYaml } from '../../emit/yaml.js';
import type { Json } from '../../ir/schema.js';
import type { Project } from '../../project/model.js';
import { validateObject } from '../../validate/object.js';

const folder = 'config/samples';

/**
 * Holds the samples that are the user's by now against the schemas. A sample that does not match is a warning while the types are being written, and
 * an error for `--check`: `severity`. Samples that the plan writes are valid by construction.
 */
export function checkSamples(
  tree: Tree,
  project: Project | undefined,
  changes: readonly Change[],
  crds: readonly Crd[],
  severity: Diagnostic['severity'],
): readonly Diagnostic[] {
  const written = new Set(changes.filter(({ action }) => action !== 'keep').map(({ path }) => path));
  return tree
    .list(folder)
    .filter((name) => /\.ya?ml$/.test(name) && !/^kustomization\./.test(name))
    .map((name) => `${folder}/${name}`)
    .filter((path) => !written.has(path))
    .flatMap((path) => checkSample(path, tree.read(path)!, { project, crds, severity }));
}

interface Known {
  readonly project: Project | undefined;
  readonly crds: readonly Crd[];
  readonly severity: Diagnostic['severity'];
}

function checkSample(path: string, text: string, known: Known): readonly Diagnostic[] {
  const { value: documents, diagnostics } = fromYaml(text, path);
  const broken = diagnostics.map(
    (each): Diagnostic => ({ ...each, severity: known.severity, hint: each.hint ?? anew(path) }),
  );
  const findings = documents.flatMap((document) => (isObject(document) ? complaints(document, known) : []));
  return [...broken, ...findings.map((fact) => finding(path, fact, known.severity))];
}

function finding(path: string, fact: string, severity: Diagnostic['severity']): Diagnostic {
  const at = { file: path, line: 1, column: 1 };
  return { code: 'OG3101', severity, at, message: `A sample must match its schema, but: ${fact}`, hint: anew(path) };
}

const anew = (path: string): string => `correct it, or write it anew with \`opgen generate samples --force=${path}\``;

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function complaints(document: JsonObject, { project, crds }: Known): readonly string[] {
  const { apiVersion, kind } = document;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return ['it has no apiVersion and kind'];
  const schema = schemaOf(apiVersion, kind, crds);
  if (schema) return validateObject(schema, document).map(({ message }) => message);
  const isOwn = project !== undefined && apiVersion.slice(0, apiVersion.indexOf('/')).endsWith(project.domain);
  return isOwn ? [`no source declares \`${kind}\` of ${apiVersion}`] : [];
}

function schemaOf(apiVersion: string, kind: string, crds: readonly Crd[]) {
  const crd = crds.find(({ object: { spec } }) => spec.names.kind === kind && apiVersion.startsWith(`${spec.group}/`));
  return crd?.object.spec.versions.find(({ name }) => apiVersion === `${crd.object.spec.group}/${name}`)?.schema
    .openAPIV3Schema;
}
