/** DNS-1123 subdomain: at most 253 characters, labels joined by dots. */
export const isSubdomain = (name: string): boolean =>
  name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);

/** DNS-1035 label: at most 63 characters, a letter first. */
export const isLabel = (name: string): boolean => name.length <= 63 && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name);

/** The key of a label and the name of a match condition: `name` or `prefix.example.com/name`. */
export function isQualifiedName(text: string): boolean {
  const [name = '', prefix, more] = text.split('/').reverse();
  return more === undefined && (prefix === undefined || isSubdomain(prefix)) && name !== '' && isLabelValue(name);
}

/** Empty, or at most 63 letters, digits, `-`, `_` and `.` between letters or digits. */
export const isLabelValue = (text: string): boolean =>
  text.length <= 63 && /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/.test(text);
