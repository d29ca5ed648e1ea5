import type { Field, ObjectSchema, Union } from '../../ir/schema.js';
import { mergeFields } from './merge.js';

export const hasMember = ({ fields }: ObjectSchema, name: string): boolean =>
  fields.some((field) => field.name === name);

/** Whether all variants of an object's unions have a member. */
export const isCommon = ({ unions = [] }: ObjectSchema, name: string): boolean =>
  unions.every(({ variants }) => variants.every(({ schema }) => hasMember(schema, name)));

/** The unions of the parts of an intersection: each variant has the members of the other parts, too. */
export function intersectUnions(parts: readonly ObjectSchema[]): readonly Union[] {
  return parts.flatMap((part, index) => {
    const others = parts.filter((_, other) => other !== index);
    const fields = others.flatMap((other) => other.fields.filter(({ name }) => isCommon(other, name)));
    return (part.unions ?? []).map((union) => addToVariants(union, fields));
  });
}

const addToVariants = (union: Union, fields: readonly Field[]): Union => ({
  ...union,
  variants: union.variants.map(({ values, schema }) => ({
    values,
    schema: {
      ...schema,
      fields: bothRequired(mergeFields([...fields, ...schema.fields]), [...fields, ...schema.fields]),
    },
  })),
});

/** Required where any declaration of the name is. */
const bothRequired = (merged: readonly Field[], all: readonly Field[]): readonly Field[] =>
  merged.map((field) => ({ ...field, required: all.some(({ name, required }) => required && name === field.name) }));

/** An object whose fields, and those of its variants, are changed one by one. */
export function changeFields(schema: ObjectSchema, change: (field: Field) => Field): ObjectSchema {
  const unions = schema.unions?.map(({ discriminator, variants }) => ({
    discriminator,
    variants: variants.map(({ values, schema: variant }) => ({ values, schema: changeFields(variant, change) })),
  }));
  const isRequired = ({ name, required }: Field): boolean => required && isCommon(schema, name);
  const fields = schema.fields.map(change).map((field) => ({ ...field, required: isRequired(field) }));
  return { ...schema, fields, ...(unions && { unions }) };
}
