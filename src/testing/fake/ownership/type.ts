import { builtinTable } from '../../../k8s/table.js';
import { isMembers, ownMember } from '../../../runtime/json.js';
import type { AnyResource } from '../../../runtime/resource.js';
import type { ServedKind } from '../kinds.js';

type Members = Readonly<Record<string, unknown>>;

/**
 * How a place in an object merges and who can own what of it. A `struct` has the fields of a schema, a `map` any; a `list` is told
 * apart by the keys of its items, a `set` by its values; an `atom` is owned as a whole; `free` is what the value looks like: objects
 * are maps, everything else is an atom.
 */
export type Type =
  | { readonly is: 'struct'; readonly field: (name: string) => Type | undefined; readonly rest?: Type }
  | { readonly is: 'map'; readonly element: Type }
  | { readonly is: 'list'; readonly keys: readonly string[]; readonly defaults: Members; readonly element: Type }
  | { readonly is: 'set' }
  | { readonly is: 'atom'; readonly of?: 'map' | 'list' | 'numeric' | 'string' | 'boolean' }
  | { readonly is: 'free' };

const atom: Type = { is: 'atom' };
const free: Type = { is: 'free' };

/** The type of the objects of a kind: from the schema of its CRD, else from the table of built-in types, else `free`. */
export function typeOf(kind: ServedKind): Type {
  const known = types.get(kind);
  if (known) return known;
  const type = rooted(rootOf(kind));
  types.set(kind, type);
  return type;
}

const types = new WeakMap<ServedKind, Type>();

function rootOf({ schema, custom, resource }: ServedKind): Type {
  if (schema) return schemaType(schema);
  const name = custom ? undefined : builtinTypeName(resource);
  return name === undefined ? free : schemaType({ $ref: name });
}

/** The name of the type of a built-in kind in the table, such as `V1Deployment`. */
export function builtinTypeName({ group, version, kind }: AnyResource): string | undefined {
  const module = `opgen/k8s/${group === '' ? 'core' : group.split('.')[0]}/${version}`;
  return ownMember(builtinTable().exportsOf(module) as Record<string, unknown>, kind) as string | undefined;
}

/** Type, kind and metadata are the same in every object. */
function rooted(type: Type): Type {
  const field = (name: string): Type | undefined => {
    if (name === 'metadata') return metadata;
    if (name === 'apiVersion' || name === 'kind') return atom;
    return type.is === 'struct' ? (type.field(name) ?? type.rest) : free;
  };
  return { is: 'struct', field };
}

const strings: Type = { is: 'map', element: atom };
const metadataFields: Readonly<Record<string, Type>> = {
  labels: strings,
  annotations: strings,
  finalizers: { is: 'set' },
  ownerReferences: { is: 'list', keys: ['uid'], defaults: {}, element: atom },
};
const metadata: Type = { is: 'struct', field: (name) => (ownMember(metadataFields, name) as Type) ?? atom };

function schemaType(node: unknown): Type {
  if (!isMembers(node)) return free;
  if (node.$ref === 'V1ObjectMeta') return metadata;
  const schema = resolved(node);
  if (schema['x-kubernetes-map-type'] === 'atomic') return { is: 'atom', of: 'map' };
  if (schema.type === 'array') return listType(schema);
  if (isMembers(schema.properties) || schema['x-kubernetes-embedded-resource'] === true) return structType(schema);
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return free;
  if (isMembers(schema.additionalProperties)) return { is: 'map', element: schemaType(schema.additionalProperties) };
  return schema.type === 'object' ? free : scalarType(schema);
}

function scalarType({ type }: Members): Type {
  if (type === 'integer' || type === 'number') return { is: 'atom', of: 'numeric' };
  return type === 'string' || type === 'boolean' ? { is: 'atom', of: type } : atom;
}

function resolved(schema: Members): Members {
  if (typeof schema.$ref !== 'string') return schema;
  const { $ref, ...beside } = schema;
  return { ...builtinTable().schemaOf($ref), ...beside };
}

function structType(schema: Members): Type {
  const properties = isMembers(schema.properties) ? schema.properties : {};
  const isResource = schema['x-kubernetes-embedded-resource'] === true;
  const made = new Map<string, Type>();
  const field = (name: string): Type | undefined => {
    if (isResource && name === 'metadata') return metadata;
    if (!Object.hasOwn(properties, name)) return undefined;
    const type = made.get(name) ?? schemaType(properties[name]);
    made.set(name, type);
    return type;
  };
  return schema['x-kubernetes-preserve-unknown-fields'] === true || isResource
    ? { is: 'struct', field, rest: free }
    : { is: 'struct', field };
}

function listType(schema: Members): Type {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] === 'set') return { is: 'set' };
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(keys)) {
    return { is: 'atom', of: 'list' };
  }
  const items = resolved(isMembers(schema.items) ? schema.items : {});
  const properties = isMembers(items.properties) ? items.properties : {};
  const defaults = keys.flatMap((key): [string, unknown][] => {
    const property = properties[key];
    return isMembers(property) && property.default !== undefined ? [[key, property.default]] : [];
  });
  return { is: 'list', keys: keys.map(String), defaults: Object.fromEntries(defaults), element: schemaType(items) };
}

/** The type of a member of a struct, a map or a free object; `named`: the schema has a field of that name. */
export function memberType(type: Type, name: string): { readonly type: Type; readonly named: boolean } {
  if (type.is === 'map') return { type: type.element, named: false };
  const field = type.is === 'struct' ? type.field(name) : undefined;
  if (field) return { type: field, named: true };
  return { type: (type.is === 'struct' ? type.rest : undefined) ?? free, named: false };
}

/** What a value is by its type; a value of another form than its type says is an atom. */
export function formOf(type: Type, value: unknown): 'members' | 'items' | 'atom' {
  if (isMembers(value)) return type.is === 'struct' || type.is === 'map' || type.is === 'free' ? 'members' : 'atom';
  return Array.isArray(value) && (type.is === 'list' || type.is === 'set') ? 'items' : 'atom';
}
