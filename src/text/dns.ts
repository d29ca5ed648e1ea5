const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dns1123Label = new RegExp(`^${label}$`);
const dnsSubdomain = new RegExp(`^${label}(\\.${label})*$`);

/** At most 63 lower case letters, digits and dashes, starting with a letter and not ending with a dash. */
export const isDns1035Label = (name: string): boolean => /^[a-z]/.test(name) && isDns1123Label(name);

/** At most 63 lower case letters, digits and dashes, with no dash at the ends. */
export const isDns1123Label = (name: string): boolean => name.length <= 63 && dns1123Label.test(name);

/** DNS-1123 subdomain: at most 253 characters, labels joined by dots, which are not limited themselves. */
export const isDnsSubdomain = (name: string): boolean => name.length <= 253 && dnsSubdomain.test(name);

/** The key of a label, an annotation, a match condition: `name` or `prefix.example.com/name`. */
export function isQualifiedName(text: string): boolean {
  const [name = '', prefix, more] = text.split('/').reverse();
  return more === undefined && (prefix === undefined || isDnsSubdomain(prefix)) && isNamePart(name);
}

/** The part of a qualified name behind the slash: at most 63 letters, digits, `-`, `_` and `.` between letters or digits. */
export const isNamePart = (text: string): boolean =>
  text.length <= 63 && /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(text);

/** Empty, or in the form of a name. */
export const isLabelValue = (text: string): boolean => text === '' || isNamePart(text);
