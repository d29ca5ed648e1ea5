import type { Position } from '../diagnostics.js';
import type { Field, ObjectSchema } from '../ir/schema.js';
import { meaning } from './types/merge.js';
import { apiType } from './types/scalars.js';
import { type Context, shorten } from './types/scope.js';

/** The members of every object's metadata that a CRD may constrain. */
const constrainable: readonly string[] = ['name', 'generateName'];

/**
 * The limits that a kind puts on the names of its objects, as the schema of its metadata; nothing if there are none. Whatever else its metadata says
 * is refused: the API server has the say in that.
 */
export function metadataField(context: Context, field: Field): Field | undefined {
  const { schema } = field;
  if (schema.kind !== 'object' || schema.refused) return undefined;
  for (const each of schema.fields.filter(isForeign))
    refuseMetadata(context, `\`${each.name}\` has a type or a limit of its own`, each.schema.at);
  for (const rule of schema.rules ?? [])
    refuseMetadata(context, `\`${shorten(rule.rule)}\` is a rule for all of it`, field.schema.at);
  const fields = schema.fields
    .filter((each) => constrainable.includes(each.name) && isConstrained(each))
    .map((each) => ({ ...each, required: false }));
  return fields.length === 0
    ? undefined
    : { ...field, required: false, schema: { kind: 'object', fields, at: schema.at } };
}

const plainText = JSON.stringify(meaning({ kind: 'string', at: { file: '', line: 0, column: 0 } }));

const isConstrained = ({ schema }: Field): boolean => JSON.stringify(meaning(schema)) !== plainText;

/** Constrained although a CRD must not: by markers, or as another type than the one that Kubernetes has. */
function isForeign({ name, schema, markers }: Field): boolean {
  if (constrainable.includes(name)) return schema.kind !== 'string' && !schema.refused;
  const known = (apiType('ObjectMeta', schema.at) as ObjectSchema).fields.find((each) => each.name === name);
  const isChanged = known !== undefined && JSON.stringify(meaning(known.schema)) !== JSON.stringify(meaning(schema));
  return markers.list.length > 0 || isChanged;
}

function refuseMetadata(context: Context, fact: string, at: Position): void {
  context.diagnostics.push({
    code: 'OG1002',
    severity: 'error',
    at,
    message: `Of the metadata, only the strings \`name\` and \`generateName\` can be limited, but ${fact}`,
    hint: 'remove it, and check it in a webhook',
  });
}
