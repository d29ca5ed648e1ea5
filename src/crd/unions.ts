import { escapeName } from '../cel/escape.js';
import type { CelRule, ObjectSchema, Union, Variant } from '../ir/schema.js';

/**
 * The rules that hold the members of an object to its discriminated unions: for each value of the discriminator, those of its variant must be
 * there and those of other variants must not. A rule of a variant holds where its value is set; one that all variants have holds everywhere.
 */
export function unionRules(object: ObjectSchema): readonly CelRule[] {
  return (object.unions ?? []).flatMap((union) => [
    ...sharedRules(union),
    ...union.variants.flatMap((variant) => variantRules(object, union, variant)),
    ...absentRule(object, union),
  ]);
}

const text = (rule: CelRule): string => JSON.stringify(rule);

const rulesOf = ({ schema }: Variant): readonly CelRule[] => [...(schema.rules ?? []), ...unionRules(schema)];

function sharedRules({ variants }: Union): readonly CelRule[] {
  const [first, ...rest] = variants;
  return rulesOf(first!).filter((rule) =>
    rest.every((variant) => rulesOf(variant).some((each) => text(each) === text(rule))),
  );
}

function variantRules(object: ObjectSchema, union: Union, variant: Variant): readonly CelRule[] {
  const shared = sharedRules(union).map(text);
  const own = rulesOf(variant).filter((rule) => !shared.includes(text(rule)));
  const { needed, excluded } = demands(object, union, variant);
  return variant.values.flatMap((value) => {
    const rest = guard(object, union.discriminator, value);
    const held = own.map((rule) => ({ ...rule, rule: `${rest}(${rule.rule})` }));
    if (needed.length + excluded.length === 0) return held;
    const message = `with ${union.discriminator} ${literal(value)}, ${sentence(needed, excluded)}`;
    return [{ rule: `${rest}(${terms(needed, excluded)})`, message }, ...held];
  });
}

/** `self.type != 'a' || `, where the discriminator may be absent behind `!has(self.type) || `. */
function guard(object: ObjectSchema, name: string, value: Variant['values'][number]): string {
  const field = object.fields.find((each) => each.name === name)!;
  const path = `self.${escapeName(name)}`;
  const constant = field.schema.kind === 'number' && Number.isInteger(value) ? `${value}.0` : literal(value);
  return `${field.required ? '' : `!has(${path}) || `}${path} != ${constant} || `;
}

const literal = (value: Variant['values'][number]): string =>
  typeof value === 'string'
    ? `'${JSON.stringify(value).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'`
    : `${value}`;

interface Demands {
  readonly needed: readonly string[];
  readonly excluded: readonly string[];
}

/** What a variant needs beyond what every object needs, and what only others have, sorted: the order of members means nothing. */
function demands(object: ObjectSchema, { discriminator, variants }: Union, { schema }: Variant): Demands {
  const own = new Set(schema.fields.map(({ name }) => name));
  const always = new Set([discriminator, ...object.fields.filter(({ required }) => required).map(({ name }) => name)]);
  const others = new Set(variants.flatMap((each) => each.schema.fields.map(({ name }) => name)));
  const present = new Set(object.fields.map(({ name }) => name));
  return {
    needed: schema.fields.flatMap(({ name, required }) => (required && !always.has(name) ? [name] : [])).sort(),
    excluded: [...others].filter((name) => !own.has(name) && present.has(name)).sort(),
  };
}

const terms = (needed: readonly string[], excluded: readonly string[]): string =>
  [
    ...needed.map((name) => `has(self.${escapeName(name)})`),
    ...excluded.map((name) => `!has(self.${escapeName(name)})`),
  ].join(' && ');

const sentence = (needed: readonly string[], excluded: readonly string[]): string =>
  [
    ...(needed.length > 0 ? [`${needed.join(', ')} must be set`] : []),
    ...(excluded.length > 0 ? [`${excluded.join(', ')} must not be set`] : []),
  ].join(' and ');

/** Without the discriminator, an object is one of the variants that may lack it. */
function absentRule(object: ObjectSchema, union: Union): readonly CelRule[] {
  const name = union.discriminator;
  const possible = union.variants.filter(({ schema }) =>
    schema.fields.some((each) => each.name === name && !each.required),
  );
  const all = possible.map((variant) => demands(object, union, variant));
  const isFree = all.some(({ needed, excluded }) => needed.length + excluded.length === 0);
  if (all.length === 0 || isFree) return [];
  const branches = all.map(({ needed, excluded }) => `(${terms(needed, excluded)})`);
  const values = possible.flatMap((variant) => variant.values.map(literal)).join(' or ');
  const message = `without ${name}, the members must be those of ${name} ${values}`;
  return [{ rule: [`has(self.${escapeName(name)})`, ...branches].join(' || '), message }];
}
