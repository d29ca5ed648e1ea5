import { isMembers, ownMember } from './json.js';

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;
type Operator = (typeof operators)[number];

/** The selectors of `opgen/k8s`, whose operators are strings, fit. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: Operator | (string & {}); values?: string[] }[];
}

/** One requirement of a label selector. */
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/**
 * The requirements of a selector, as an object or as kubectl takes it: `app=web,tier in (a, b),!legacy`. Throws a TypeError on what the
 * API server refuses. The operators `>` and `<` are not supported.
 */
export function parseLabels(selector: LabelSelector | string | undefined): readonly Requirement[] {
  const requirements = typeof selector === 'string' ? parseText(selector) : parseObject(selector ?? {});
  for (const requirement of requirements) check(requirement);
  return requirements;
}

function parseObject({ matchLabels, matchExpressions }: LabelSelector): readonly Requirement[] {
  const equals = Object.entries(matchLabels ?? {}).map(
    ([key, value]): Requirement => ({ key, operator: 'In', values: [value] }),
  );
  const others = (matchExpressions ?? []).map(({ key, operator, values }) => ({
    key,
    operator: operatorOf(key, operator),
    values: [...(values ?? [])],
  }));
  return [...equals, ...others];
}

function operatorOf(key: string, text: string): Operator {
  const operator = operators.find((each) => each === text);
  if (operator !== undefined) return operator;
  throw new TypeError(`The operator for \`${key}\` must be In, NotIn, Exists or DoesNotExist, but is \`${text}\``);
}

/** Terms are separated by commas outside of brackets. */
const parseText = (text: string): readonly Requirement[] =>
  text.trim() === '' ? [] : text.split(/,(?![^(]*\))/).map((each) => parseTerm(each.trim()));

const term = {
  set: /^([^\s=!(),]+)\s+(in|notin)\s*\(([^()]*)\)$/,
  equality: /^([^\s=!(),]+)\s*(==|=|!=)\s*([^\s=!(),]*)$/,
  existence: /^(!?)\s*([^\s=!(),]+)$/,
};

function parseTerm(text: string): Requirement {
  const [, setKey, setOperator, list] = term.set.exec(text) ?? [];
  if (setKey && list !== undefined) {
    const values = list.split(',').map((value) => value.trim());
    return { key: setKey, operator: setOperator === 'in' ? 'In' : 'NotIn', values };
  }
  const [, key, sign, value] = term.equality.exec(text) ?? [];
  if (key && value !== undefined) return { key, operator: sign === '!=' ? 'NotIn' : 'In', values: [value] };
  const [, not, name] = term.existence.exec(text) ?? [];
  if (name) return { key: name, operator: not ? 'DoesNotExist' : 'Exists', values: [] };
  throw new TypeError(
    `A label selector must have the form \`app=web,tier in (a,b),!old\`, but has the term \`${text}\``,
  );
}

const label = {
  prefix: /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  name: /^(?=.{1,63}$)[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
};

/** What the API server refuses. */
function check({ key, operator, values }: Requirement): void {
  const [name = '', prefix, ...rest] = String(key).split('/').reverse();
  if (rest.length > 0 || !label.name.test(name) || (prefix !== undefined && !label.prefix.test(prefix)))
    throw new TypeError(`A label must be named as in \`app\` or \`example.com/app\`, but is \`${key}\``);
  const isSet = operator === 'In' || operator === 'NotIn';
  if (isSet !== values.length > 0)
    throw new TypeError(`The operator ${operator} for \`${key}\` must have ${isSet ? 'values' : 'no values'}`);
  const wrong = values.find((value) => typeof value !== 'string' || (value !== '' && !label.name.test(value)));
  if (wrong !== undefined)
    throw new TypeError(`The value of the label \`${key}\` must be as in \`web-1\`, but is \`${wrong}\``);
}

/** As the API server takes it in the query; empty for a selector that takes everything. */
export function formatLabels(selector: LabelSelector | string | undefined): string {
  return parseLabels(selector).map(formatRequirement).join(',');
}

function formatRequirement({ key, operator, values }: Requirement): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  if (values.length === 1) return `${key}${operator === 'In' ? '=' : '!='}${values[0]}`;
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
}

export function matchesLabels(requirements: readonly Requirement[], labels: Record<string, string> = {}): boolean {
  return requirements.every(({ key, operator, values }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    const listed = value !== undefined && values.includes(value);
    return operator === 'In' ? listed : !listed;
  });
}

/** `metadata.name=x,status.phase!=Running`; only exact matches exist. */
export interface FieldRequirement {
  readonly path: string;
  readonly value: string;
  readonly negated: boolean;
}

/** A backslash takes the meaning from a comma, an equals sign or a backslash in a value. */
export function parseFields(text: string): readonly FieldRequirement[] {
  const terms = text.match(/(\\.|[^,\\])+/gs) ?? [];
  return terms.map((each) => {
    const [, path, sign, value] = /^([^=!]+)(!=|==|=)((?:\\[\\,=]|[^\\=])*)$/s.exec(each.trim()) ?? [];
    if (!path || value === undefined)
      throw new TypeError(`A field selector must have the form \`metadata.name=x\`, but has the term \`${each}\``);
    return { path, value: value.replace(/\\(.)/gs, '$1'), negated: sign === '!=' };
  });
}

/** As the API server takes it in the query. */
export const formatFields = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([path, value]) => `${path}=${value.replace(/[\\,=]/g, '\\$&')}`)
    .join(',');

export function matchesFields(requirements: readonly FieldRequirement[], object: unknown): boolean {
  return requirements.every(({ path, value, negated }) => (fieldAt(object, path) === value) !== negated);
}

/** The value at a path of dots as text; empty where there is none. */
export function fieldAt(object: unknown, path: string): string {
  const value = path
    .split('.')
    .reduce<unknown>((each, name) => (isMembers(each) ? ownMember(each, name) : undefined), object);
  return value === undefined || value === null ? '' : String(value);
}
