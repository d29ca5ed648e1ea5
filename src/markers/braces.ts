/** Tags whose value goes on in the next line while its braces are open, and whether it is. */
const openBy: Readonly<Record<string, (value: string) => boolean>> = {
  rule: (value) => value.startsWith('{') && closingBrace(value, 0) === undefined,
  default: isOpenJson,
  example: isOpenJson,
};

/** Whether the value of a tag of this name may stand in several lines. */
export const mayGoOn = (tag: string): boolean => Object.hasOwn(openBy, tag);

const goesOn = new RegExp(`(?:^|\\s)@(?:(?:items|values)\\.)*(${Object.keys(openBy).join('|')})(?=[\\s{[])`, 'g');

/** Whether the last of these tags in a text has a value whose braces are still open. */
export function isOpen(text: string): boolean {
  const last = [...text.matchAll(goesOn)].at(-1);
  return last !== undefined && openBy[last[1]!]!(text.slice(last.index + last[0].length).trimStart());
}

function isOpenJson(value: string): boolean {
  if (!/^[{[]/.test(value)) return false;
  let depth = 0;
  for (let i = 0; i < value.length; i++) {
    const char = value[i]!;
    if (char === '"') i = stringEnd(value, i);
    else if ('{['.includes(char)) depth++;
    else if ('}]'.includes(char)) depth--;
  }
  return depth > 0;
}

/** Where the brace stands that closes the one at `start`, if it is closed; braces in the strings of CEL do not count. */
export function closingBrace(text: string, start: number): number | undefined {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"' || char === "'") i = stringEnd(text, i);
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return i;
  }
  return undefined;
}

/** The closing quote of a CEL string; in raw strings (`r'…'`) a backslash means itself. */
function stringEnd(text: string, start: number): number {
  const raw = /(^|\W)[bB]?[rR]$/.test(text.slice(Math.max(0, start - 3), start));
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === text[start]) return i;
    if (text[i] === '\\' && !raw) i++;
  }
  return text.length;
}
