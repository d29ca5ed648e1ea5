import type { JsonSchema } from '../crd/crd.js';
import { stringAt } from '../json.js';
import { parseAddress, parsePrefix } from './addresses.js';
import { isHostname, isLongName, isMac, isMailAddress, isShortName } from './formatnames.js';
import { isBase64, isCreditCard, isDate, isDateTime, isDuration, isIsbn10, isIsbn13 } from './formattexts.js';
import { parseRequestUri } from './requesturi.js';

const numeric: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

const uuid = (third: string, fourth: string): RegExp =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${third}[0-9a-f]{3}-?${fourth}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i');
const hex = '[0-9a-f]';
const channel = '\\s*(?:0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*';
const rgb = new RegExp(`^rgb\\(${channel},${channel},${channel}\\)$`);

const matching =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text);

/** The formats of strings that the API server checks, by their names without dashes; it ignores those that it does not know. */
const textual: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: matching(/^[0-9a-f]{24}$/i),
  uri: (text) => parseRequestUri(text) !== undefined,
  email: isMailAddress,
  hostname: isHostname,
  ipv4: (text) => text.includes('.') && parseAddress(text, true) !== undefined,
  ipv6: (text) => parseAddress(text)?.family === 6,
  cidr: (text) => parsePrefix(text, true) !== undefined,
  mac: isMac,
  uuid: matching(uuid(hex, hex)),
  uuid3: matching(uuid('3', hex)),
  uuid4: matching(uuid('4', '[89ab]')),
  uuid5: matching(uuid('5', '[89ab]')),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: matching(/^\d{3}[- ]\d{2}[- ]\d{4}$/),
  hexcolor: matching(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  rgbcolor: matching(rgb),
  byte: isBase64,
  password: () => true,
  date: isDate,
  duration: isDuration,
  datetime: isDateTime,
  k8sshortname: isShortName,
  k8slongname: isLongName,
};

const textFormat = (format: string): ((text: string) => boolean) | undefined => {
  const name = format.replaceAll('-', '');
  return Object.hasOwn(textual, name) ? textual[name] : undefined;
};

/** The format of a node if it means something for the type of the node. */
export function formatOf(schema: JsonSchema): string | undefined {
  const format = stringAt(schema, 'format');
  if (!format) return undefined;
  const type = schema['x-kubernetes-int-or-string'] === true ? '' : (stringAt(schema, 'type') ?? '');
  if (type === '' || type === 'string') return textFormat(format) ? format : undefined;
  return Object.hasOwn(numeric, type) && numeric[type]!.includes(format) ? format : undefined;
}

/** True for the formats of numbers, whose range is checked with the bounds. */
export function matchesFormat(format: string, text: string): boolean {
  return textFormat(format)?.(text) ?? true;
}
