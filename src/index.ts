/** The programmatic API: read the sources, generate, plan, apply. */
export type { CrdObject, CrdVersion, JsonSchema } from './crd/crd.js';
export type { Checked, Diagnostic, Position } from './diagnostics.js';
export { Refusal } from './diagnostics.js';
export { apply } from './emit/apply.js';
export type { Artifact, Sourced } from './emit/artifact.js';
export { type Change, type PlanOptions, plan } from './emit/plan.js';
export { diskTree, memoryTree, type Tree } from './emit/tree.js';
export { projectSources } from './frontend/files.js';
export { type ReadOptions, readApi } from './frontend/index.js';
export { type Generated, type GenerateOptions, generate } from './generate.js';
export type { Api, Kind } from './ir/api.js';
export type { Marker, MarkerDef, MarkerSet } from './ir/marker.js';
export type { Field, Json, Schema } from './ir/schema.js';
export { readProject } from './project/file.js';
export type { Project, Resource } from './project/model.js';
