import type { Diagnostic, Position } from '../diagnostics.js';
import type { Kind } from '../ir/api.js';
import type { Field, Schema } from '../ir/schema.js';
import { csvCrd } from '../markers/defs/csv.js';

interface Described {
  readonly type: 'spec' | 'status';
  readonly at: Position;
  readonly field: string;
  readonly sides: Set<string>;
}

/**
 * Markers that describe a property of the spec or the status for a console, where no kind has the property on that side. A type that both sides use
 * may describe its properties for one of them.
 */
export function describedElsewhere(kinds: readonly Kind[]): readonly Diagnostic[] {
  const found = new Map<string, Described>();
  for (const { schema } of kinds) for (const field of schema.fields) collect(field.schema, field.name, found);
  return [...found.values()].filter(({ type, sides }) => !sides.has(type)).map(report);
}

function collect(schema: Schema, side: string, found: Map<string, Described>): void {
  if (schema.kind === 'array') collect(schema.items, side, found);
  if (schema.kind === 'map') collect(schema.values, side, found);
  if (schema.kind !== 'object') return;
  for (const field of schema.fields) {
    describe(field, side, found);
    collect(field.schema, side, found);
  }
}

function describe({ name, markers }: Field, side: string, found: Map<string, Described>): void {
  for (const { value, at } of markers.all(csvCrd)) {
    if (!value.type) continue;
    const key = JSON.stringify(at);
    const described = found.get(key) ?? { type: value.type, at, field: name, sides: new Set() };
    described.sides.add(side);
    found.set(key, described);
  }
}

function report({ type, at, field, sides }: Described): Diagnostic {
  const [side] = sides;
  const message = `\`type=${type}\` belongs to a property of the ${type}, but \`${field}\` is one of the ${side}`;
  return { code: 'OG2004', severity: 'error', message, at, hint: `\`type=${side === 'status' ? 'status' : 'spec'}\`` };
}
