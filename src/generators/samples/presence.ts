import type { Json } from '../../ir/schema.js';

/** Which members an object must and must not have, given the values of others. */
export interface Presence {
  readonly required: ReadonlySet<string>;
  readonly forbidden: ReadonlySet<string>;
  /** There are rules whose meaning this reader does not know. */
  readonly unknown: boolean;
}

/**
 * Reads the CEL rules that opgen writes itself: those of discriminated unions and of the OneOf markers. `memberValue` gives the value that
 * a discriminator has in the sample. Rules about `oldSelf` say nothing about a new object.
 */
export function presence(rules: readonly string[], memberValue: (member: string) => Json | undefined): Presence {
  const required = new Set<string>();
  const forbidden = new Set<string>();
  let unknown = false;
  for (const rule of rules.filter((each) => !each.includes('oldSelf'))) {
    const read = readVariant(rule, memberValue) ?? readOneOf(rule);
    if (!read) unknown = true;
    for (const name of read?.required ?? []) required.add(name);
    for (const name of read?.forbidden ?? []) forbidden.add(name);
  }
  return { required, forbidden, unknown };
}

interface Demand {
  readonly required: readonly string[];
  readonly forbidden: readonly string[];
}

/** `self.type != 'a' || (has(self.x) && !has(self.y))`, also with `!has(self.type) ||` in front. */
function readVariant(rule: string, memberValue: (member: string) => Json | undefined): Demand | undefined {
  const found = /^(?:!has\(self\.\w+\) \|\| )?self\.(\w+) != (\S+) \|\| \(?(.*?)\)?$/.exec(rule);
  if (!found) return undefined;
  const [, member, literal, conditions] = found;
  const terms = conditions!.split(' && ').map((term) => /^(!?)has\(self\.(\w+)\)?$/.exec(term));
  if (!terms.every((term) => term !== null)) return undefined;
  if (literalOf(memberValue(member!)) !== literal) return { required: [], forbidden: [] };
  return {
    required: terms.filter((term) => term[1] === '').map((term) => term[2]!),
    forbidden: terms.filter((term) => term[1] === '!').map((term) => term[2]!),
  };
}

const literalOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? `'${value}'` : JSON.stringify(value);

/** `[has(self.a),has(self.b)].filter(x,x==true).size() == 1`, also `<= 1` and `>= 1`: the first member is taken. */
function readOneOf(rule: string): Demand | undefined {
  const found =
    /^\[(has\(self\.\w+\)(?:, ?has\(self\.\w+\))*)\]\.filter\(x, ?x ?== ?true\)\.size\(\) ?(==|<=|>=) ?1$/.exec(rule);
  if (!found) return undefined;
  const [first, ...others] = [...found[1]!.matchAll(/self\.(\w+)/g)].map((match) => match[1]!);
  return {
    required: found[2] === '<=' ? [] : [first!],
    forbidden: found[2] === '>=' ? [] : others,
  };
}
