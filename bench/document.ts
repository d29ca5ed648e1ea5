import { readFileSync, writeFileSync } from 'node:fs';

const file = 'docs/benchmarks.md';

/** Puts a text under a heading of docs/benchmarks.md, in the place of what was there; the other headings keep theirs. */
export function writeSection(heading: string, text: string): void {
  const [head, ...sections] = readFileSync(file, 'utf8').split(/^## /m);
  const isSame = (section: string): boolean => section.startsWith(`${heading}\n`);
  const others = sections.filter((section) => !isSame(section));
  const at = sections.findIndex(isSame);
  others.splice(at < 0 ? others.length : at, 0, `${heading}\n\n${text.trim()}\n`);
  writeFileSync(file, [head!.trim(), ...others.map((section) => `## ${section.trim()}`)].join('\n\n') + '\n');
}
