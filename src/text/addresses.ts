/** An IP address as a number. */
export interface Address {
  readonly family: 4 | 6;
  readonly bits: bigint;
  /** An IPv4 address inside of `::ffff:0:0/96`. */
  readonly isMapped: boolean;
}

/** Reads an address. `sloppy`: octets may have leading zeros, as in old releases of Go. Zones are not read. */
export function parseAddress(text: string, sloppy = false): Address | undefined {
  if (!text.includes(':')) {
    const bits = parseOctets(text, sloppy);
    return bits === undefined ? undefined : { family: 4, bits, isMapped: false };
  }
  const bits = parseGroups(text, sloppy);
  return bits === undefined ? undefined : { family: 6, bits, isMapped: bits >> 32n === 0xffffn };
}

/** An address with the length of its prefix. */
export function parsePrefix(text: string, sloppy = false): { address: Address; length: number } | undefined {
  const slash = text.lastIndexOf('/');
  const digits = text.slice(slash + 1);
  if (slash < 0 || !(sloppy ? /^\d+$/ : /^(0|[1-9]\d*)$/).test(digits)) return undefined;
  const address = parseAddress(text.slice(0, slash), sloppy);
  const length = Number(digits);
  return address && length <= widthOf(address) ? { address, length } : undefined;
}

export const widthOf = ({ family }: Pick<Address, 'family'>): number => (family === 4 ? 32 : 128);

function parseOctets(text: string, sloppy: boolean): bigint | undefined {
  const octets = text.split('.');
  const grammar = sloppy ? /^\d+$/ : /^(0|[1-9]\d{0,2})$/;
  if (octets.length !== 4 || !octets.every((each) => grammar.test(each) && Number(each) < 256)) return undefined;
  return octets.reduce((sum, each) => (sum << 8n) | BigInt(each), 0n);
}

function parseGroups(text: string, sloppy: boolean): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const parts = halves.map((half) => (half === '' ? [] : half.split(':')));
  const last = parts.at(-1)!;
  const tail = last.at(-1)?.includes('.') ? parseOctets(last.pop()!, sloppy) : undefined;
  if (tail === undefined && halves.at(-1)!.includes('.')) return undefined;
  if (tail !== undefined) last.push((tail >> 16n).toString(16), (tail & 0xffffn).toString(16));
  const groups = parts.flat();
  if (!groups.every((each) => /^[0-9A-Fa-f]{1,4}$/.test(each))) return undefined;
  const missing = 8 - groups.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = halves.length === 2 ? [...parts[0]!, ...Array<string>(missing).fill('0'), ...parts[1]!] : groups;
  return all.reduce((sum, each) => (sum << 16n) | BigInt(`0x${each}`), 0n);
}

/** The bytes of an address in the order of the network: 4 or 16. */
export const addressBytes = ({ family, bits }: Pick<Address, 'family' | 'bits'>): Buffer =>
  Buffer.from(bits.toString(16).padStart(widthOf({ family }) / 4, '0'), 'hex');

/** The one canonical spelling of an address. */
export function addressText({ family, bits }: Pick<Address, 'family' | 'bits'>): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.');
  if (bits >> 32n === 0xffffn) return `::ffff:${addressText({ family: 4, bits: bits & 0xffff_ffffn })}`;
  const groups = [7n, 6n, 5n, 4n, 3n, 2n, 1n, 0n].map((index) => ((bits >> (index * 16n)) & 0xffffn).toString(16));
  const runs = [...groups.join(':').matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)];
  const longest = runs.reduce((best, [run]) => (run.length > best.length ? run : best), '');
  if (longest === '') return groups.join(':');
  const at = runs.find(([run]) => run === longest)!.index;
  const text = groups.join(':');
  return `${text.slice(0, at).replace(/:$/, '')}::${text.slice(at + longest.length).replace(/^:/, '')}`;
}
