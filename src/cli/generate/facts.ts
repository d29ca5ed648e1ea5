import type { Crd } from '../../crd/crd.js';
import type { Api, Reading } from '../../ir/api.js';
import type { Schema } from '../../ir/schema.js';
import { csvCrd } from '../../markers/defs/csv.js';
import type { CrdFacts, Run } from './memory.js';

/** The facts of the sources at these paths. */
export function sourceFacts(api: Api, paths: readonly string[]): Run['sources'] {
  const said = new Map(paths.map((path) => [path, { lines: [] as string[], names: false }]));
  for (const { def, value, at } of api.markers.list) {
    const source = said.get(at.file);
    source?.lines.push(JSON.stringify([def.name, value]));
    if (source && ['groupName', 'versionName', 'kubebuilder:skip'].includes(def.name)) source.names = true;
  }
  for (const { group, version, kind, at } of api.kinds) {
    said.get(at.file)?.lines.push(JSON.stringify([group, version, kind]));
  }
  return Object.fromEntries([...said].map(([path, { lines, names }]) => [path, { says: lines.join('\n'), names }]));
}

export function crdFacts(api: Api, crds: readonly Crd[]): readonly CrdFacts[] {
  return crds.map(({ object: { metadata, spec } }) => {
    const kinds = api.kinds.filter(({ group, kind }) => group === spec.group && kind === spec.names.kind);
    const versions = spec.versions.map(({ name, served, storage }) => [name, served, storage]);
    const sides = kinds.flatMap(({ schema }) => schema.fields.flatMap((field) => described(field.schema, field.name)));
    return {
      name: metadata.name,
      head: JSON.stringify([spec.group, spec.names, spec.scope, versions, sides]),
      declared: distinct(kinds.map(({ at }) => at.file)),
      files: distinct(kinds.flatMap(({ files }) => files)),
    };
  });
}

const distinct = (paths: readonly string[]): readonly string[] => [...new Set(paths)].sort();

/** The properties that a marker describes for one side, and the side of this kind that has them: with another kind they may stand on the right one. */
function described(schema: Schema, side: string): readonly string[] {
  if (schema.kind === 'array') return described(schema.items, side);
  if (schema.kind === 'map') return described(schema.values, side);
  if (schema.kind !== 'object') return [];
  return schema.fields.flatMap((field) => [
    ...field.markers.all(csvCrd).map(({ value, at }) => [at.file, field.name, value.type, side].join(' ')),
    ...described(field.schema, side),
  ]);
}

/** Of the sources that were searched for kinds, those that declare none: a change of what they import may make kinds of their types. */
export function readingOf({ kinds, reading = nothing }: Api): Reading {
  const declared = new Set(kinds.map(({ at }) => at.file));
  const idle = Object.entries(reading.searched).filter(([path]) => !declared.has(path));
  return { ...reading, searched: Object.fromEntries(idle) };
}

const nothing: Reading = { names: [], searched: {}, globals: [], missing: [] };
