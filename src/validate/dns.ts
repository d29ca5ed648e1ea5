/** DNS-1035 label: at most 63 lower case letters, digits and dashes, starting with a letter and not ending with a dash. */
export function isDnsLabel(name: string): boolean {
  return name.length <= 63 && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name);
}

/** DNS-1123 subdomain: at most 253 characters, labels joined by dots. */
export function isDnsSubdomain(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);
}
