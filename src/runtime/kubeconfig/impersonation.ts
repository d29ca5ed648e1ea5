import { isMembers } from '../json.js';
import type { Credentials } from '../transport/index.js';
import { type Entry, kindOf, mistake, shown, textAt } from './entry.js';

type Headers = Credentials['headers'];

/** The headers by which a user asks as somebody else: `as`, with `as-uid`, `as-groups` and `as-user-extra`. Throws ConfigError. */
export function impersonationOf(user: Entry): Headers {
  const others = { ...wordAt(user, 'as-uid', 'impersonate-uid'), ...groupsOf(user), ...extrasOf(user) };
  const name = wordAt(user, 'as', 'impersonate-user');
  if (Object.keys(name).length > 0) return { ...name, ...others };
  if (Object.keys(others).length === 0) return {};
  throw mistake(user, 'must name in `as` whom it impersonates, but has only more about them');
}

function wordAt(user: Entry, field: string, header: string): Headers {
  const text = textAt(user, field);
  return text === undefined ? {} : { [header]: checkedValue(user, field, text) };
}

function groupsOf(user: Entry): Headers {
  const groups = textsOf(user, 'as-groups', user.fields['as-groups'] ?? []);
  return groups.length === 0 ? {} : { 'impersonate-group': groups };
}

function extrasOf(user: Entry): Headers {
  const extra = user.fields['as-user-extra'] ?? {};
  if (!isMembers(extra))
    throw mistake(user, `must have a map of lists as \`as-user-extra\`, but it is ${kindOf(extra)}`);
  const headers = Object.entries(extra).map(([key, values]): [string, string[]] => [
    `impersonate-extra-${escaped(key)}`,
    textsOf(user, `as-user-extra.${key}`, values),
  ]);
  return Object.fromEntries(headers.filter(([, values]) => values.length > 0));
}

function textsOf(user: Entry, field: string, list: unknown): string[] {
  if (!Array.isArray(list) || list.some((each) => typeof each !== 'string'))
    throw mistake(
      user,
      `must have a list of texts as \`${field}\`, but it is ${Array.isArray(list) ? 'a list of others' : kindOf(list)}`,
    );
  return list.map((each: string) => checkedValue(user, field, each));
}

function checkedValue(user: Entry, field: string, text: string): string {
  if (/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text)) return text;
  throw mistake(user, `must have a text that fits into a header as \`${field}\`, but it is ${shown(text)}`);
}

/** The API server decodes the names of these headers. */
const escaped = (key: string): string =>
  encodeURIComponent(key).replace(/[()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
