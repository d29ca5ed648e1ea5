import { memberName } from '../../cel/escape.js';
import type { Marker } from '../../ir/marker.js';
import type { CelRule } from '../../ir/schema.js';
import type { Docs } from '../docs.js';
import type { TypeScript } from '../load.js';
import { type Context, type Scope, type Selection, shorten } from './scope.js';

/**
 * What the comment of a type says where only some of its members are asked for: limits and rules that speak of the others are reported and
 * left out.
 */
export function selectedDocs(context: Context, docs: Docs, { wanted }: Scope): Docs {
  if (!wanted) return docs;
  return { markers: docs.markers.filter((marker) => stays(context, marker, wanted)) };
}

function stays(context: Context, marker: Marker, wanted: Selection): boolean {
  const { phase, name } = marker.def;
  if (phase === 'type') return true;
  if (name.endsWith(':MaxProperties')) return true;
  if (phase !== 'rule' && !name.endsWith(':MinProperties')) return false;
  const names = Array.isArray(marker.value) ? (marker.value as readonly string[]) : namesIn(marker.value);
  if (names?.every((each) => wanted.has(each))) return true;
  const isOfOthers = names?.every((each) => !wanted.has(each)) ?? false;
  if (wanted.node && !isOfOthers) {
    const lost = names?.find((each) => !wanted.has(each));
    reportLost(context, spelling(marker), lost, wanted.node);
  }
  return false;
}

const spelling = (marker: Marker): string => {
  const rule = (marker.value as Partial<CelRule>).rule;
  return rule === undefined ? (marker.spelled ?? `+${marker.def.name}`) : shorten(rule);
};

const namesIn = (value: unknown): readonly string[] | undefined => {
  const { rule } = value as Partial<CelRule>;
  return rule === undefined ? undefined : memberNames(rule);
};

/** The members that a rule speaks of; nothing if it speaks of the whole object. */
export function memberNames(rule: string): readonly string[] | undefined {
  const names = [...rule.matchAll(/(?<![\w.])(?:self|oldSelf)\b(?:\s*\.\s*([A-Za-z_]\w*))?/g)].map((match) => match[1]);
  return names.every((name) => name !== undefined) ? names.map((name) => memberName(name!)) : undefined;
}

/** A rule that a derived type cannot keep is not weakened in silence. */
export function reportLost(context: Context, rule: string, name: string | undefined, node: TypeScript.Node): void {
  const fact = name === undefined ? 'speaks of the whole type' : `needs \`${name}\` as it was`;
  const message = `What stands on a type must hold for a part of it, but \`${rule}\` ${fact} and is dropped by \`${shorten(node.getText())}\``;
  context.diagnostics.push({
    code: 'OG2003',
    severity: 'warning',
    at: context.sources.position(node),
    message,
    hint: 'move it to a smaller type, or repeat it on the property that has this type',
  });
}
