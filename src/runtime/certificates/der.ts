/** A value in DER: the tag, the length, and the parts one after the other. */
export function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag, ...lengthOf(content.length)), content]);
}

/** Up to 65535. */
function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

export const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);

/** A set of one. */
export const setOf = (part: Buffer): Buffer => der(0x31, part);

/** `2.5.29.17`, already encoded as hexadecimal digits: `551d11`. */
export const identifier = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

export const octets = (content: Buffer): Buffer => der(0x04, content);

/** Whole bytes, of which the last `unused` bits do not count. */
export const bits = (content: Buffer, unused = 0): Buffer => der(0x03, Buffer.of(unused), content);

export const isTrue = der(0x01, Buffer.of(0xff));

/** A positive number as the bytes say, the highest one first. */
export const positive = (bytes: Buffer): Buffer =>
  der(0x02, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);

export const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));

/** In seconds; with four digits of the year from 2050 on, as RFC 5280 wants it. */
export function time(at: Date): Buffer {
  const digits = `${at.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return at.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}
