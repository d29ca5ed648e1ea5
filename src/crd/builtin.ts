import type { Position } from '../diagnostics.js';
import type { Json } from '../ir/schema.js';
import type { BuiltinSchema, BuiltinTable } from '../k8s/table.js';
import { shorten } from './describe.js';
import type { SchemaContext } from './schema.js';

type Expanded = { [key: string]: Json };

/**
 * The schema of a built-in type with every `$ref` of the table put in. A type that contains itself is refused: a CRD has no references.
 */
export function builtinSchema(context: SchemaContext, type: string, at: Position): Expanded {
  const cache = cacheOf(context.builtins());
  const key = `${context.maxDescLen} ${type}`;
  const known = cache.get(key);
  if (known) return known;
  const before = context.diagnostics.length;
  const expanded = expand(context, { $ref: type }, [], at) as Expanded;
  if (context.diagnostics.length === before) cache.set(key, freeze(expanded));
  return expanded;
}

/** A table expands each type once: the result is shared and frozen. */
const caches = new WeakMap<BuiltinTable, Map<string, Expanded>>();

function cacheOf(table: BuiltinTable): Map<string, Expanded> {
  const cache = caches.get(table) ?? new Map<string, Expanded>();
  caches.set(table, cache);
  return cache;
}

function freeze<T extends Json>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const each of Object.values(value)) freeze(each);
  return Object.freeze(value);
}

function expand(context: SchemaContext, schema: BuiltinSchema, stack: readonly string[], at: Position): Json {
  const { $ref, description, ...rest } = schema;
  const own = typeof description === 'string' ? shorten(description, context.maxDescLen) : undefined;
  const described = own === undefined ? {} : { description: own };
  if (typeof $ref === 'string') return { ...expandType(context, $ref, stack, at), ...rest, ...described };
  return { ...described, ...mapChildren(rest, (child) => expand(context, child, stack, at)) };
}

function expandType(context: SchemaContext, type: string, stack: readonly string[], at: Position): Expanded {
  if (stack.includes(type)) {
    const message = `A CRD schema must be finite, but the built-in type \`${stack[0]}\` contains \`${type}\` again`;
    context.diagnostics.push({
      code: 'OG1005',
      severity: 'error',
      at,
      message,
      hint: 'use `JsonObject`, which keeps any object',
    });
    return {};
  }
  return expand(context, context.builtins().schemaOf(type)!, [...stack, type], at) as Expanded;
}

/** Applies `change` to the schemas below a schema. */
function mapChildren(schema: { readonly [key: string]: Json }, change: (child: BuiltinSchema) => Json): Expanded {
  const isSchema = (value: Json | undefined): value is { readonly [key: string]: Json } =>
    typeof value === 'object' && value !== null;
  const changed: Expanded = { ...schema };
  if (isSchema(schema.items)) changed.items = change(schema.items);
  if (isSchema(schema.additionalProperties)) changed.additionalProperties = change(schema.additionalProperties);
  if (isSchema(schema.properties)) {
    const entries = Object.entries(schema.properties).map(([name, child]) => [name, change(child as BuiltinSchema)]);
    changed.properties = Object.fromEntries(entries);
  }
  return changed;
}
