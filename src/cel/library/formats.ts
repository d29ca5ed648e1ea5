import { isDns1035Label, isDns1123Label, isDnsSubdomain, isLabelValue, isQualifiedName } from '../../text/dns.js';
import { matchesFormat } from '../../text/formats.js';
import type { Format } from '../value.js';
import { list, none, some } from '../value.js';
import type { CelFunction } from './function.js';
import { global, member, overload } from './function.js';

/** A prefix may end in a dash, since something follows. */
const asPrefix = (text: string): string => (text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text);

/** The formats by name, with what a text has to be. */
const formats: Readonly<Record<string, readonly [fact: string, test: (text: string) => boolean]>> = {
  dns1123Label: ['a DNS-1123 label', isDns1123Label],
  dns1123Subdomain: ['a DNS-1123 subdomain', isDnsSubdomain],
  dns1035Label: ['a DNS-1035 label', isDns1035Label],
  qualifiedName: ['a qualified name', isQualifiedName],
  dns1123LabelPrefix: ['the start of a DNS-1123 label', (text) => isDns1123Label(asPrefix(text))],
  dns1123SubdomainPrefix: ['the start of a DNS-1123 subdomain', (text) => isDnsSubdomain(asPrefix(text))],
  dns1035LabelPrefix: ['the start of a DNS-1035 label', (text) => isDns1035Label(asPrefix(text))],
  labelValue: ['the value of a label', isLabelValue],
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
