import { copyOf, isMembers } from './json.js';

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'; values?: string[] }[];
}

/** One requirement of a label selector. */
export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** The requirements of a selector, as an object or as kubectl takes it: `app=web,tier in (a, b),!legacy`. Throws on bad syntax. */
export function parseLabels(selector: LabelSelector | string | undefined): readonly Requirement[] {
  if (typeof selector === 'string') return splitTerms(selector).map(parseTerm);
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  const equals = Object.entries(matchLabels).map(
    ([key, value]): Requirement => ({ key, operator: 'In', values: [value] }),
  );
  return [
    ...equals,
    ...matchExpressions.map(({ key, operator, values = [] }) => ({ key, operator, values: copyOf(values) })),
  ];
}

/** Terms are separated by commas outside of brackets. */
const splitTerms = (text: string): readonly string[] =>
  text
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '');

const term = {
  set: /^([^\s=!()]+)\s+(in|notin)\s*\(([^()]*)\)$/,
  equality: /^([^\s=!()]+)\s*(==|=|!=)\s*([^\s=!()]*)$/,
  existence: /^(!?)\s*([^\s=!()]+)$/,
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
  throw new TypeError(`A label selector has the form \`app=web,tier in (a,b),!old\`, but has the term \`${text}\``);
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

export function parseFields(text: string): readonly FieldRequirement[] {
  return splitTerms(text).map((each) => {
    const [, path, sign, value] = /^([^=!\s]+)\s*(==|=|!=)\s*(.*)$/.exec(each) ?? [];
    if (!path || value === undefined)
      throw new TypeError(`A field selector has the form \`metadata.name=x\`, but has the term \`${each}\``);
    return { path, value, negated: sign === '!=' };
  });
}

/** As the API server takes it in the query. */
export const formatFields = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([path, value]) => `${path}=${value}`)
    .join(',');

export function matchesFields(requirements: readonly FieldRequirement[], object: unknown): boolean {
  return requirements.every(({ path, value, negated }) => (fieldAt(object, path) === value) !== negated);
}

/** The value at a path of dots as text; empty where there is none. */
export function fieldAt(object: unknown, path: string): string {
  const value = path
    .split('.')
    .reduce<unknown>((each, name) => (isMembers(each) && Object.hasOwn(each, name) ? each[name] : undefined), object);
  return value === undefined || value === null ? '' : String(value);
}
