import { type Entry, kindOf, mistake } from './entry.js';

/** The header of a bearer token, which `field` of the entry gives. Throws ConfigError for what is no token. */
export function bearerOf(entry: Entry, field: string, token: unknown): { authorization: string } {
  if (typeof token !== 'string') throw mistake(entry, `must have a text as \`${field}\`, but it is ${kindOf(token)}`);
  const text = token.trim();
  if (/^[\x21-\x7e]+$/.test(text)) return { authorization: `Bearer ${text}` };
  const fact = text === '' ? 'it is empty' : 'it has blanks, line breaks or characters that no header takes';
  throw mistake(entry, `must have one word as \`${field}\`, but ${fact}`);
}
