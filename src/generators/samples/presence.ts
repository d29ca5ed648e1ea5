import { memberName } from '../../cel/escape.js';
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
    for (const name of read?.required ?? []) required.add(memberName(name));
    for (const name of read?.forbidden ?? []) forbidden.add(memberName(name));
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
  if (literalOf(memberValue(memberName(member!))) !== literal) return { required: [], forbidden: [] };
  return {
    required: terms.filter((term) => term[1] === '').map((term) => term[2]!),
    forbidden: terms.filter((term) => term[1] === '!').map((term) => term[2]!),
  };
}

const literalOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? `'${value}'` : JSON.stringify(value);

/** The rules of the OneOf markers, as opgen writes them and as lists that are filtered: the first member is taken. */
const readOneOf = (rule: string): Demand | undefined => readSum(rule) ?? readFilter(rule);

/** `(has(self.a)?1:0)+(has(self.b)?1:0) == 1`, also `<= 1`, and `has(self.a)||has(self.b)` */
function readSum(rule: string): Demand | undefined {
  const names = [...rule.matchAll(/has\(self\.(\w+)\)/g)].map((match) => match[1]!);
  const [first, ...others] = names;
  const sum = names.map((name) => `(has(self.${name})?1:0)`).join('+');
  if (first === undefined) return undefined;
  if (rule === `${sum} == 1`) return { required: [first], forbidden: others };
  if (rule === `${sum} <= 1`) return { required: [], forbidden: others };
  const any = names.map((name) => `has(self.${name})`).join('||');
  return rule === any ? { required: [first], forbidden: [] } : undefined;
}

/** `[has(self.a),has(self.b)].filter(x,x==true).size() == 1`, also `<= 1` and `>= 1` */
function readFilter(rule: string): Demand | undefined {
  const found =
    /^\[(has\(self\.\w+\)(?:, ?has\(self\.\w+\))*)\]\.filter\(x, ?x ?== ?true\)\.size\(\) ?(==|<=|>=) ?1$/.exec(rule);
  if (!found) return undefined;
  const [first, ...others] = [...found[1]!.matchAll(/self\.(\w+)/g)].map((match) => match[1]!);
  return {
    required: found[2] === '<=' ? [] : [first!],
    forbidden: found[2] === '>=' ? [] : others,
  };
}
