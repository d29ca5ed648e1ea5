import type { JsonSchema } from '../crd/crd.js';
import { isList, isObject } from '../json.js';
import type { Path } from './rule.js';
import { below } from './rule.js';

/** A node of a schema on its way from the root. */
export interface SchemaNode {
  readonly schema: JsonSchema;
  readonly path: Path;
  readonly parent: SchemaNode | undefined;
  /** What the parent holds it as: a property, the items of a list, the values of a map or a branch of allOf, anyOf, oneOf or not. */
  readonly role: 'root' | 'property' | 'items' | 'values' | 'branch';
  /** The name, for a property. */
  readonly name?: string;
  /** Inside a branch, at any depth. */
  readonly nested: boolean;
}

export const junctors = ['allOf', 'anyOf', 'oneOf'] as const;

/** Called with a node and with what goes on to its children, which otherwise are left out. */
export type Visit = (node: SchemaNode, descend: () => void) => void;

/** Visits the nodes from the root down; what is no object where a schema belongs is passed over. */
export function walkSchema(root: JsonSchema, path: Path, visit: Visit): void {
  visitFrom({ schema: root, path, parent: undefined, role: 'root', nested: false }, visit);
}

function visitFrom(node: SchemaNode, visit: Visit): void {
  visit(node, () => visitChildren(node, visit));
}

function visitChildren(node: SchemaNode, visit: Visit): void {
  const { properties, items, additionalProperties, not } = node.schema;
  if (isObject(properties)) visitProperties(node, properties, visit);
  if (isObject(items)) visitFrom(childNode(node, items, 'items', below(node.path, 'items')), visit);
  if (isObject(additionalProperties)) {
    visitFrom(childNode(node, additionalProperties, 'values', below(node.path, 'additionalProperties')), visit);
  }
  for (const junctor of junctors) visitBranches(node, junctor, visit);
  if (isObject(not)) visitFrom(childNode(node, not, 'branch', below(node.path, 'not')), visit);
}

/** What the API server reads for a property of null. */
const noSchema: JsonSchema = {};

function visitProperties(node: SchemaNode, properties: JsonSchema, visit: Visit): void {
  const path = below(node.path, 'properties');
  for (const name of Object.keys(properties)) {
    const schema = properties[name] === null ? noSchema : properties[name];
    if (!isObject(schema)) continue;
    visitFrom({ schema, path: below(path, name), parent: node, role: 'property', name, nested: node.nested }, visit);
  }
}

function visitBranches(node: SchemaNode, junctor: string, visit: Visit): void {
  const branches = node.schema[junctor];
  if (!isList(branches)) return;
  branches.forEach((schema, index) => {
    if (isObject(schema)) visitFrom(childNode(node, schema, 'branch', below(node.path, junctor, index)), visit);
  });
}

function childNode(parent: SchemaNode, schema: JsonSchema, role: SchemaNode['role'], path: Path): SchemaNode {
  return { schema, path, parent, role, nested: parent.nested || role === 'branch' };
}

/** What a resource has beside fields of its own. */
export const metaFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** Whether a property describes apiVersion, kind or metadata of the object or of an embedded resource. */
export function isMetaField(node: SchemaNode): boolean {
  return node.role === 'property' && metaFields.has(node.name!) && isResource(node.parent!);
}

export function isResource(node: SchemaNode): boolean {
  return node.role === 'root' || node.schema['x-kubernetes-embedded-resource'] === true;
}

/** The node itself or its nearest ancestor that passes. */
export function nearestNode(node: SchemaNode, passes: (node: SchemaNode) => boolean): SchemaNode | undefined {
  for (let each: SchemaNode | undefined = node; each; each = each.parent) if (passes(each)) return each;
  return undefined;
}

/** Whether the node lies in top-level apiVersion, kind or metadata, or in a map inside of metadata. */
export function forbidsDefaults(node: SchemaNode): boolean {
  const meta = nearestNode(node, isMetaField);
  if (!meta) return false;
  if (meta.parent!.role === 'root') return true;
  return (
    nearestNode(node, (each) => each.role === 'values' && nearestNode(each, isMetaField) !== undefined) !== undefined
  );
}
