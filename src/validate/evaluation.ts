import { isExposed, withResourceFields } from '../cel/adapt.js';
import { compileRule, type Verdict } from '../cel/rule.js';
import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import { isList, isObject, listAt, memberAt, objectAt, stringAt } from '../json.js';
import { goValue } from '../text/gotext.js';
import type { Correlated } from './correlate.js';
import { correlatedItem, correlatedMember, isUnchanged, oldItem } from './correlate.js';
import { followFieldPath } from './fieldpath.js';
import type { ValueFinding } from './result.js';

/** What rules say of an object: `notEvaluated` are rules that opgen cannot answer, which is no error. */
export interface RuleFindings {
  readonly findings: readonly ValueFinding[];
  readonly notEvaluated: readonly ValueFinding[];
}

interface Place {
  readonly schema: JsonSchema;
  readonly path: string;
  /** The root of a resource, whose metadata rules see. */
  readonly isResource: boolean;
  readonly old: Json | undefined;
  /** For ratcheting; absent outside of updates. */
  readonly update: Update | undefined;
}

/** The node in an update, and its nearest ancestor that has an old value. */
interface Update {
  readonly node: Correlated | undefined;
  readonly nearest: Correlated | undefined;
}

const withRules = new WeakMap<JsonSchema, boolean>();

/** Whether the schema or a part of it, outside of branches, has rules. */
export function hasRules(schema: JsonSchema): boolean {
  const known = withRules.get(schema);
  if (known !== undefined) return known;
  const parts = [
    ...Object.values(objectAt(schema, 'properties') ?? {}),
    objectAt(schema, 'items'),
    objectAt(schema, 'additionalProperties'),
  ];
  const own = listAt(schema, 'x-kubernetes-validations').length > 0;
  const answer = own || parts.some((part) => isObject(part) && hasRules(part));
  withRules.set(schema, answer);
  return answer;
}

/** Asks the rules of a whole object, transition rules too when there is an old one; what an update left unchanged passes. */
export function checkRules(schema: JsonSchema, value: Json, old?: Json): RuleFindings {
  const node = old === undefined ? undefined : { schema, value, old };
  const update = node && { node, nearest: undefined };
  return collect(rulesIn({ schema, path: '', isResource: true, old, update }, value));
}

/** Asks the rules of a part of an object, such as a default. */
export function checkPartRules(schema: JsonSchema, value: Json, path: string, old?: Json): RuleFindings {
  return collect(rulesIn({ schema, path, isResource: isEmbedded(schema), old, update: undefined }, value));
}

const isEmbedded = (schema: JsonSchema): boolean => schema['x-kubernetes-embedded-resource'] === true;

interface Answer extends ValueFinding {
  readonly isEvaluated: boolean;
}

function collect(answers: Iterable<Answer>): RuleFindings {
  const all = [...answers];
  const select = (isEvaluated: boolean) =>
    all.filter((each) => each.isEvaluated === isEvaluated).map(({ path, message }) => ({ path, message }));
  return { findings: select(true), notEvaluated: select(false) };
}

function* rulesIn(place: Place, value: Json): Generator<Answer> {
  const { schema } = place;
  if (value === null || !hasRules(schema) || !(place.isResource || isExposed(schema))) return;
  yield* rulesOf(place, value);
  if (isList(value)) yield* rulesInList(place, value);
  else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) yield* rulesInMember(place, name, member);
  }
}

function* rulesInList(place: Place, value: readonly Json[]): Generator<Answer> {
  const items = objectAt(place.schema, 'items');
  if (!items || !hasRules(items)) return;
  for (const [index, item] of value.entries()) {
    const update = place.update && below(place.update, correlatedItem(place.update.node, index));
    const old = oldItem(place.schema, item, place.old) ?? undefined;
    const path = `${place.path}[${index}]`;
    yield* rulesIn({ schema: items, path, isResource: isEmbedded(items), old, update }, item);
  }
}

function* rulesInMember(place: Place, name: string, member: Json): Generator<Answer> {
  const declared = objectAt(objectAt(place.schema, 'properties'), name);
  const schema = declared ?? objectAt(place.schema, 'additionalProperties');
  if (!schema) return;
  const path = !declared ? `${place.path}[${name}]` : place.path === '' ? name : `${place.path}.${name}`;
  const update = place.update && below(place.update, correlatedMember(place.update.node, name));
  const old = memberAt(place.old, name) ?? undefined;
  yield* rulesIn({ schema, path, isResource: isEmbedded(schema), old, update }, member);
}

const below = ({ node, nearest }: Update, child: Correlated | undefined): Update =>
  node ? { node: child, nearest: node } : { node, nearest };

function* rulesOf(place: Place, value: Json): Generator<Answer> {
  const rules = listAt(place.schema, 'x-kubernetes-validations');
  if (rules.length === 0) return;
  const schema = place.isResource ? withResourceFields(place.schema) : place.schema;
  for (const rule of rules) {
    const compiled = compileRule(schema, rule);
    const verdict = compiled.evaluate(value, place.old);
    if ('notEvaluated' in verdict) {
      const text = (stringAt(rule, 'rule') ?? '').trim();
      yield { path: place.path, message: `rule not evaluated: ${text}: ${verdict.notEvaluated}`, isEvaluated: false };
    } else if (!verdict.ok && !(verdict.cause === 'rule' && !compiled.usesOldSelf && isRatcheted(place.update))) {
      yield { ...finding(place, value, verdict), isEvaluated: true };
    }
  }
}

const isRatcheted = (update: Update | undefined): boolean =>
  update !== undefined && isUnchanged(update.node ?? update.nearest);

const kinds: Readonly<Record<string, string>> = {
  FieldValueRequired: 'Required value',
  FieldValueForbidden: 'Forbidden',
};

function finding(place: Place, value: Json, verdict: Extract<Verdict, { ok: false }>): ValueFinding {
  const { schema, path } = place;
  const type = stringAt(schema, 'type') ?? '';
  if (verdict.cause === 'error') return { path, message: `Invalid value: "${type}": ${verdict.message}` };
  const at = verdict.fieldPath === '' ? path : fieldAt(place, verdict.fieldPath);
  const kind = kinds[verdict.reason];
  if (kind) return { path: at, message: `${kind}: ${verdict.message}` };
  const shown = type === 'object' || type === 'array' ? '' : `: ${goValue(value)}`;
  if (verdict.reason === 'FieldValueDuplicate') return { path: at, message: `Duplicate value${shown}` };
  return { path: at, message: `Invalid value${shown}: ${verdict.message}` };
}

/** The path of the server: keys of maps stand in brackets. */
function fieldAt({ schema, path }: Place, fieldPath: string): string {
  const followed = followFieldPath(schema, fieldPath, true);
  if ('problem' in followed) return path;
  let node: JsonSchema | undefined = schema;
  let text = '';
  for (const name of followed.names) {
    const declared: JsonSchema | undefined = objectAt(objectAt(node, 'properties'), name);
    text += declared ? `.${name}` : `[${name}]`;
    node = declared ?? objectAt(node, 'additionalProperties');
  }
  return path === '' ? text.replace(/^\./, '') : `${path}${text}`;
}
