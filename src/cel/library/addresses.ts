import type { Address } from '../../text/addresses.js';
import { addressText, parseAddress, parsePrefix, widthOf } from '../../text/addresses.js';
import type { Cidr, Ip } from '../value.js';
import { EvaluationError } from '../value.js';
import type { CelFunction } from './function.js';
import { global, member, overload } from './function.js';

function readIp(text: string): Ip | string {
  const address = parseAddress(text);
  if (!address) return `IP Address ${JSON.stringify(text)} parse error during conversion from string`;
  return address.isMapped ? `IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed` : ipOf(address);
}

const ipOf = ({ family, bits }: Address): Ip => ({ kind: 'ip', family, bits });

function readCidr(text: string): Cidr | string {
  const prefix = parsePrefix(text);
  if (!prefix) return `network address parse error during conversion from string: ${JSON.stringify(text)}`;
  if (prefix.address.isMapped) return `IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`;
  return { kind: 'cidr', ip: ipOf(prefix.address), length: prefix.length };
}

function orFail<T>(result: T | string): T {
  if (typeof result === 'string') throw new EvaluationError(result);
  return result;
}

export const ipText = (ip: Ip): string => addressText(ip);
export const cidrText = ({ ip, length }: Cidr): string => `${addressText(ip)}/${length}`;

/** The bits of an address that a prefix of that length covers. */
const network = ({ family, bits }: Ip, length: number): bigint => bits >> BigInt(widthOf({ family }) - length);

const containsIp = ({ ip, length }: Cidr, other: Ip): boolean =>
  ip.family === other.family && network(ip, length) === network(other, length);

const containsCidr = (cidr: Cidr, other: Cidr): boolean => cidr.length <= other.length && containsIp(cidr, other.ip);

const masked = ({ ip, length }: Cidr): Cidr => {
  const shift = BigInt(widthOf(ip) - length);
  return { kind: 'cidr', length, ip: { ...ip, bits: (ip.bits >> shift) << shift } };
};

/** Whether the address starts with these bits. */
const startsWith = ({ family, bits }: Ip, width: 4 | 6, prefix: bigint, length: number): boolean =>
  family === width && bits >> BigInt(widthOf({ family }) - length) === prefix;

const isUnspecified = ({ bits }: Ip): boolean => bits === 0n;
const isLoopback = (ip: Ip): boolean => startsWith(ip, 4, 127n, 8) || startsWith(ip, 6, 1n, 128);
const isMulticast = (ip: Ip): boolean => startsWith(ip, 4, 0b1110n, 4) || startsWith(ip, 6, 0xffn, 8);
const isLinkLocalUnicast = (ip: Ip): boolean => startsWith(ip, 4, 0xa9fen, 16) || startsWith(ip, 6, 0x3fan, 10);
const isLinkLocalMulticast = (ip: Ip): boolean =>
  startsWith(ip, 4, 0xe00000n, 24) || (startsWith(ip, 6, 0xffn, 8) && ((ip.bits >> 112n) & 0xfn) === 2n);
const isGlobalUnicast = (ip: Ip): boolean =>
  !isUnspecified(ip) &&
  !isLoopback(ip) &&
  !isMulticast(ip) &&
  !isLinkLocalUnicast(ip) &&
  !startsWith(ip, 4, 0xffff_ffffn, 32);

const asks = (name: string, test: (ip: Ip) => boolean): CelFunction =>
  member(
    '1.30',
    name,
    overload<[Ip]>(['ip'], ([ip]) => test(ip)),
  );

/** IP addresses and networks. */
export const addresses: readonly CelFunction[] = [
  global(
    '1.30',
    'ip',
    overload<[string]>(['string'], ([text]) => orFail(readIp(text))),
  ),
  global(
    '1.30',
    'isIP',
    overload<[string]>(['string'], ([text]) => typeof readIp(text) !== 'string'),
  ),
  global(
    '1.30',
    'ip.isCanonical',
    overload<[string]>(['string'], ([text]) => ipText(orFail(readIp(text))) === text),
  ),
  member(
    '1.30',
    'family',
    overload<[Ip]>(['ip'], ([{ family }]) => BigInt(family)),
  ),
  asks('isUnspecified', isUnspecified),
  asks('isLoopback', isLoopback),
  asks('isLinkLocalMulticast', isLinkLocalMulticast),
  asks('isLinkLocalUnicast', isLinkLocalUnicast),
  asks('isGlobalUnicast', isGlobalUnicast),
  global(
    '1.30',
    'cidr',
    overload<[string]>(['string'], ([text]) => orFail(readCidr(text))),
  ),
  global(
    '1.30',
    'isCIDR',
    overload<[string]>(['string'], ([text]) => typeof readCidr(text) !== 'string'),
  ),
  member(
    '1.30',
    'containsIP',
    overload<[Cidr, Ip]>(['cidr', 'ip'], ([cidr, ip]) => containsIp(cidr, ip)),
    overload<[Cidr, string]>(['cidr', 'string'], ([cidr, text]) => containsIp(cidr, orFail(readIp(text)))),
  ),
  member(
    '1.30',
    'containsCIDR',
    overload<[Cidr, Cidr]>(['cidr', 'cidr'], ([cidr, other]) => containsCidr(cidr, other)),
    overload<[Cidr, string]>(['cidr', 'string'], ([cidr, text]) => containsCidr(cidr, orFail(readCidr(text)))),
  ),
  member(
    '1.30',
    'ip',
    overload<[Cidr]>(['cidr'], ([{ ip }]) => ip),
  ),
  member(
    '1.30',
    'masked',
    overload<[Cidr]>(['cidr'], ([cidr]) => masked(cidr)),
  ),
  member(
    '1.30',
    'prefixLength',
    overload<[Cidr]>(['cidr'], ([{ length }]) => BigInt(length)),
  ),
];
