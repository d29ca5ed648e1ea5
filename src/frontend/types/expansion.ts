import type { Marker } from '../../ir/marker.js';
import type { TypeScript } from '../load.js';
import type { Context, Scope } from './scope.js';

/** The scope inside of a property with `@recursionDepth`, where types may come again; nothing where it is at its depth. */
export function expand(member: TypeScript.Node, depth: number, scope: Scope): Scope | undefined {
  const around = scope.expanded.filter((each) => each.member === member);
  if (around.length < depth) {
    const state = around[0]?.state ?? { isReached: false };
    return { ...scope, stack: [], expanded: [...scope.expanded, { member, state }] };
  }
  around[0]!.state.isReached = true;
  return undefined;
}

interface Expanded {
  readonly name: string;
  readonly required: boolean;
  readonly refused: true | undefined;
}

/** Once, where the property is not within itself: it has to be optional, and to contain itself. */
export function checkExpansion(context: Context, marker: Marker, field: Expanded, { expanded }: Scope): void {
  const { member, state } = expanded.at(-1)!;
  if (field.refused || expanded.filter((each) => each.member === member).length > 1) return;
  const spelled = `\`${marker.spelled ?? `+${marker.def.name}`}\``;
  const report = (message: string, hint: string) =>
    void context.diagnostics.push({ code: 'OG2003', severity: 'error', at: marker.at, message, hint });
  if (!state.isReached) {
    report(`${spelled} belongs to a property that contains itself, but \`${field.name}\` does not`, 'remove it');
  } else if (field.required) {
    const message = `${spelled} needs a property that the innermost objects can lack, but \`${field.name}\` is required`;
    report(message, `declare \`${field.name}?\``);
  }
}
