const character = '[a-zA-Z0-9\\p{S}\\p{L}]';
const inside = '[a-zA-Z0-9\\p{S}\\p{L}-]';
const hostname = new RegExp(
  `^(?:${character}(?:-?${character}{0,62})?|(?:${character}(?:${inside}{0,61}${character})?\\.)+[a-zA-Z\\p{L}]{2,63})$`,
  'u',
);

/** A name of a host; the API server's check lets more pass than its description says, such as any text that ends in a name. */
export function isHostname(text: string): boolean {
  const bytes = (part: string): number => Buffer.byteLength(part, 'utf8');
  return hostname.test(text) && bytes(text) <= 255 && text.split('.').every((part) => bytes(part) <= 63);
}

/** 6, 8 or 20 bytes with colons, dashes or, in pairs, dots. */
export function isMac(text: string): boolean {
  return [6, 8, 20].some((bytes) => {
    const pairs = new RegExp(`^[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\\1[0-9a-f]{2}){${bytes - 2}}$`, 'i');
    const quads = new RegExp(`^[0-9a-f]{4}(?:\\.[0-9a-f]{4}){${bytes / 2 - 1}}$`, 'i');
    return pairs.test(text) || quads.test(text);
  });
}

const atomic = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\u{80}-\\u{10ffff}-]";
const atom = `${atomic}+`;
const quotedText = '"(?:[^"\\\\\\r\\n]|\\\\[^\\r\\n])*"';
const domain = `(?:${atom}(?:\\.${atom})*|\\[[^\\]\\[\\\\]*\\])`;
const addressSpec = `(?:${atom}(?:\\.${atom})*|${quotedText})@${domain}`;
const phrase = `(?:${atom}(?:\\.${atom})*\\.?(?!${atomic})|${quotedText}|[ \\t])*`;
const address = new RegExp(`^(?:[ \\t]*${addressSpec}|${phrase}<${addressSpec}>)[ \\t]*$`, 'u');

/** An address of RFC 5322, with or without a name before it; comments are not read. */
export function isMailAddress(text: string): boolean {
  return text.length <= 4096 && address.test(text);
}

const segment = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const shortName = new RegExp(`^${segment}$`);
const longName = new RegExp(`^${segment}(?:\\.${segment})*$`);

export const isShortName = (text: string): boolean => text.length <= 63 && shortName.test(text);
export const isLongName = (text: string): boolean => text.length <= 253 && longName.test(text);
