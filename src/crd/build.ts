import type { Checked, Diagnostic, Position } from '../diagnostics.js';
import type { Api, Kind } from '../ir/api.js';
import { type BuiltinTable, builtinTable } from '../k8s/table.js';
import {
  deprecatedversion,
  metadata,
  printcolumn,
  resource,
  selectablefield,
  skipversion,
  storageversion,
  subresourceScale,
  subresourceStatus,
  unservedversion,
} from '../markers/defs/crd.js';
import { type Crd, type CrdObject, type CrdVersion, type JsonSchema, pathStep } from './crd.js';
import { present, type SchemaContext, toJsonSchema } from './schema.js';
import { crdNames, has, metadataConflicts, resourceConflicts, scopeOf, uselessVersions } from './versions.js';

export interface CrdOptions {
  /** Longest description in bytes; 0 drops all descriptions, absent keeps them whole. */
  readonly maxDescLen?: number;
  readonly builtins?: () => BuiltinTable;
}

/** One CRD for each group and kind, with all its versions, sorted by name. */
export function buildCrds(api: Api, options: CrdOptions = {}): Checked<readonly Crd[]> {
  const diagnostics: Diagnostic[] = [];
  const groups = new Map<string, Kind[]>();
  for (const kind of api.kinds) {
    const key = `${kind.group} ${kind.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), kind]);
  }
  const crds = [...groups.values()].flatMap((kinds) => buildCrd(kinds, options, diagnostics) ?? []);
  return { value: crds.sort((a, b) => (a.object.metadata.name < b.object.metadata.name ? -1 : 1)), diagnostics };
}

function buildCrd(all: readonly Kind[], options: CrdOptions, diagnostics: Diagnostic[]): Crd | undefined {
  const kinds = all.filter((kind) => !has(kind, skipversion)).sort((a, b) => (a.version < b.version ? -1 : 1));
  const [first] = kinds;
  diagnostics.push(...uselessVersions(kinds, all));
  if (!first) return undefined;
  diagnostics.push(...resourceConflicts(kinds), ...metadataConflicts(kinds));
  const storage = storageKind(kinds, diagnostics);
  const positions = new Map<string, Position>();
  const context: SchemaContext = {
    builtins: options.builtins ?? builtinTable,
    positions,
    diagnostics,
    ...(options.maxDescLen === undefined ? {} : { maxDescLen: options.maxDescLen }),
  };
  const versions = kinds.map((kind, index) => buildVersion(context, kind, kind === storage, `spec.versions[${index}]`));
  const names = crdNames(first);
  setNamePositions(positions, first);
  const object: CrdObject = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { ...crdMetadata(kinds, positions), name: `${names.plural}.${first.group}` },
    spec: {
      group: first.group,
      names,
      scope: scopeOf(first),
      versions,
    },
  };
  return { object, positions, at: storage.at };
}

/** Names and scope stand in the marker, or follow from the name of the kind. */
function setNamePositions(positions: Map<string, Position>, kind: Kind): void {
  const marker = kind.markers.all(resource)[0];
  if (!marker) return;
  positions.set('spec.names', marker.at);
  positions.set('spec.scope', marker.at);
  const { path, singular } = marker.value;
  const derived = ['kind', 'listKind', ...(path ? [] : ['plural']), ...(singular ? [] : ['singular'])];
  for (const name of derived) positions.set(`spec.names.${name}`, kind.at);
}

/** With one version it is the storage version; with several, exactly one has to be marked. */
function storageKind(kinds: readonly Kind[], diagnostics: Diagnostic[]): Kind {
  const marked = kinds.filter((kind) => has(kind, storageversion));
  if (kinds.length > 1 && marked.length !== 1) {
    const second = marked[1] ?? kinds[0]!;
    const fact =
      marked.length === 0 ? 'none is marked' : `${marked.map((kind) => kind.version).join(' and ')} are marked`;
    diagnostics.push({
      code: 'OG3003',
      rule: 'V2',
      severity: 'error',
      at: second.at,
      message: `\`${second.kind}\` needs exactly one storage version, but ${fact}`,
      hint: 'put `+kubebuilder:storageversion` above one of them',
    });
  }
  return marked[0] ?? kinds[0]!;
}

function crdMetadata(
  kinds: readonly Kind[],
  positions: Map<string, Position>,
): Pick<CrdObject['metadata'], 'annotations' | 'labels'> {
  const markers = kinds.flatMap((kind) => kind.markers.all(metadata));
  for (const { value, at } of markers) {
    for (const list of ['annotations', 'labels'] as const) {
      for (const key of Object.keys(value[list] ?? {})) positions.set(`metadata.${list}${pathStep(key)}`, at);
    }
  }
  const values = markers.map((each) => each.value);
  const annotations = Object.assign({}, ...values.map((value) => value.annotations ?? {}));
  const labels = Object.assign({}, ...values.map((value) => value.labels ?? {}));
  const isEmpty = (record: object) => Object.keys(record).length === 0;
  return { ...(isEmpty(annotations) ? {} : { annotations }), ...(isEmpty(labels) ? {} : { labels }) };
}

function buildVersion(context: SchemaContext, kind: Kind, storage: boolean, path: string): CrdVersion {
  context.positions.set(path, kind.at);
  const deprecated = kind.markers.all(deprecatedversion)[0];
  if (deprecated) context.positions.set(`${path}.deprecationWarning`, deprecated.at);
  const columns = printerColumns(context, kind, path);
  const selectable = kind.markers.all(selectablefield).map((each, index) => {
    if (index === 0) context.positions.set(`${path}.selectableFields`, each.at);
    context.positions.set(`${path}.selectableFields[${index}]`, each.at);
    return { jsonPath: each.value.JSONPath };
  });
  const subresources = buildSubresources(context, kind, path);
  return {
    name: kind.version,
    served: !has(kind, unservedversion),
    storage,
    ...(deprecated ? { deprecated: true } : {}),
    ...(deprecated?.value?.warning ? { deprecationWarning: deprecated.value.warning } : {}),
    schema: { openAPIV3Schema: rootSchema(context, kind, `${path}.schema.openAPIV3Schema`) },
    ...(subresources ? { subresources } : {}),
    ...(columns.length > 0 ? { additionalPrinterColumns: columns } : {}),
    ...(selectable.length > 0 ? { selectableFields: selectable } : {}),
  };
}

function printerColumns(
  context: SchemaContext,
  kind: Kind,
  path: string,
): NonNullable<CrdVersion['additionalPrinterColumns']> {
  return kind.markers.all(printcolumn).map((each, index) => {
    context.positions.set(`${path}.additionalPrinterColumns[${index}]`, each.at);
    const { name, type, JSONPath, description, format, priority } = each.value;
    return {
      name,
      type,
      jsonPath: JSONPath,
      ...(description ? { description } : {}),
      ...(format ? { format } : {}),
      ...(priority ? { priority } : {}),
    };
  });
}

function buildSubresources(context: SchemaContext, kind: Kind, path: string): CrdVersion['subresources'] | undefined {
  const scale = kind.markers.all(subresourceScale)[0];
  if (scale) context.positions.set(`${path}.subresources.scale`, scale.at);
  if (!scale) return has(kind, subresourceStatus) ? { status: {} } : undefined;
  const { specpath, statuspath, selectorpath } = scale.value;
  return {
    ...(has(kind, subresourceStatus) ? { status: {} } : {}),
    scale: {
      specReplicasPath: specpath,
      statusReplicasPath: statuspath,
      ...(selectorpath ? { labelSelectorPath: selectorpath } : {}),
    },
  };
}

/** The root with what every object has. */
function rootSchema(context: SchemaContext, kind: Kind, path: string): JsonSchema {
  const root = toJsonSchema(context, kind.schema, path);
  const described = (description: string) =>
    present({ type: 'string', description: context.maxDescLen === 0 ? undefined : description });
  return {
    ...root,
    properties: {
      apiVersion: described('Group and version of the schema that the object follows, such as `apps/v1`.'),
      kind: described('Name of the kind of the object, in CamelCase.'),
      metadata: { type: 'object' },
      ...(root.properties as JsonSchema | undefined),
    },
  };
}
