import { matchesFormat } from '../../validate/formats.js';
import type { Format } from '../value.js';
import { list, none, some } from '../value.js';
import type { CelFunction } from './function.js';
import { global, member, overload } from './function.js';

const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const qualified = '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const isLabel = (text: string): boolean => text.length <= 63 && new RegExp(`^${label}$`).test(text);
const isOldLabel = (text: string): boolean => text.length <= 63 && /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/.test(text);
const isSubdomain = (text: string): boolean =>
  text.length <= 253 && new RegExp(`^${label}(?:\\.${label})*$`).test(text);

/** A prefix may end in a dash, since something follows. */
const asPrefix = (text: string): string => (text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text);

function isQualifiedName(text: string): boolean {
  const parts = text.split('/');
  const name = parts.at(-1)!;
  if (parts.length > 2 || (parts.length === 2 && !isSubdomain(parts[0]!))) return false;
  return name.length <= 63 && new RegExp(`^${qualified}$`).test(name);
}

/** The formats by name, with what a text has to be. */
const formats: Readonly<Record<string, readonly [fact: string, test: (text: string) => boolean]>> = {
  dns1123Label: ['a DNS-1123 label', isLabel],
  dns1123Subdomain: ['a DNS-1123 subdomain', isSubdomain],
  dns1035Label: ['a DNS-1035 label', isOldLabel],
  qualifiedName: ['a qualified name', isQualifiedName],
  dns1123LabelPrefix: ['the start of a DNS-1123 label', (text) => isLabel(asPrefix(text))],
  dns1123SubdomainPrefix: ['the start of a DNS-1123 subdomain', (text) => isSubdomain(asPrefix(text))],
  dns1035LabelPrefix: ['the start of a DNS-1035 label', (text) => isOldLabel(asPrefix(text))],
  labelValue: ['the value of a label', (text) => text.length <= 63 && new RegExp(`^(?:${qualified})?$`).test(text)],
  uri: ['a URI', (text) => matchesFormat('uri', text)],
  uuid: ['a UUID', (text) => matchesFormat('uuid', text)],
  byte: ['base64', (text) => matchesFormat('byte', text)],
  date: ['a date', (text) => matchesFormat('date', text)],
  datetime: ['a date and time', (text) => matchesFormat('date-time', text)],
};

const formatOf = (name: string): Format => ({ kind: 'format', name });

/** The named formats of Kubernetes; the words of what is wrong are opgen's own. */
export const namedFormats: readonly CelFunction[] = [
  ...Object.keys(formats).map((name) =>
    global(
      '1.31',
      `format.${name}`,
      overload<[]>([], () => formatOf(name)),
    ),
  ),
  global(
    '1.31',
    'format.named',
    overload<[string]>(['string'], ([name]) => (Object.hasOwn(formats, name) ? some(formatOf(name)) : none)),
  ),
  member(
    '1.31',
    'validate',
    overload<[Format, string]>(['format', 'string'], ([{ name }, text]) => {
      const [fact, test] = formats[name]!;
      return test(text) ? none : some(list([`must be ${fact}`]));
    }),
  ),
];
