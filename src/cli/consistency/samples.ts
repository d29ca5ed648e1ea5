import type { Crd, JsonSchema } from '../../crd/crd.js';
import type { Diagnostic } from '../../diagnostics.js';
import type { Change } from '../../emit/plan.js';
import type { Tree } from '../../emit/tree.js';
import { fromYaml } from '../../emit/yaml.js';
import { isObject, type JsonObject } from '../../json.js';
import type { Project } from '../../project/model.js';
import { examineObject } from '../../validate/object.js';

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
  const found = documents.flatMap((document) => (isObject(document) ? complaints(document, known) : []));
  return [
    ...broken,
    ...found.map(({ fact, isOpen }) => finding(path, fact, isOpen ? 'warning' : known.severity, isOpen)),
  ];
}

/** What is wrong with a sample; `isOpen`: opgen could not tell whether a rule holds. */
interface Complaint {
  readonly fact: string;
  readonly isOpen?: boolean;
}

function finding(path: string, fact: string, severity: Diagnostic['severity'], isOpen = false): Diagnostic {
  const at = { file: path, line: 1, column: 1 };
  const hint = isOpen ? `try it on a cluster: \`kubectl apply --dry-run=server -f ${path}\`` : anew(path);
  return { code: 'OG3101', severity, at, message: `A sample must match its schema, but: ${fact}`, hint };
}

const anew = (path: string): string => `correct it, or write it anew with \`opgen generate samples --force=${path}\``;

function complaints(document: JsonObject, { project, crds }: Known): readonly Complaint[] {
  const { apiVersion, kind } = document;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [{ fact: 'it has no apiVersion and kind' }];
  const schema = schemaOf(apiVersion, kind, crds);
  if (schema) return complaintsOf(schema, document);
  const isOwn = project !== undefined && apiVersion.slice(0, apiVersion.indexOf('/')).endsWith(project.domain);
  return isOwn ? [{ fact: `no source declares \`${kind}\` of ${apiVersion}` }] : [];
}

function complaintsOf(schema: JsonSchema, document: JsonObject): readonly Complaint[] {
  const { findings, notEvaluated } = examineObject(schema, document);
  const errors = findings.filter(({ path }) => path !== '<nil>');
  return [
    ...errors.map(({ path, message }) => ({
      fact: /^unknown field| in body /.test(message) ? message : `${path}: ${message}`,
    })),
    ...notEvaluated.map(({ path, message }) => ({ fact: `${path}: ${message}`, isOpen: true })),
  ];
}

function schemaOf(apiVersion: string, kind: string, crds: readonly Crd[]) {
  const crd = crds.find(({ object: { spec } }) => spec.names.kind === kind && apiVersion.startsWith(`${spec.group}/`));
  return crd?.object.spec.versions.find(({ name }) => apiVersion === `${crd.object.spec.group}/${name}`)?.schema
    .openAPIV3Schema;
}
