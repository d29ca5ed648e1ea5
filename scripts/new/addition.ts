/** What one run adds: whole files, and edits of files that are there. Paths are relative to the repository. */
export interface Addition {
  readonly files: Readonly<Record<string, string>>;
  readonly edits: Readonly<Record<string, (before: string) => string>>;
  /** What to look at next. */
  readonly next: string;
}

/** How things of one sort are made. */
export interface Sort {
  /** What stands for the name in the usage. */
  readonly name: string;
  readonly pattern: RegExp;
  /** What a name has to look like, in words. */
  readonly form: string;
  readonly example: string;
  make(name: string): Addition;
}

/** `show-kinds`, `show kinds` → `showKinds` */
export const camelCase = (name: string): string =>
  name.replace(/[^A-Za-z0-9]+(.)/g, (_, letter: string) => letter.toUpperCase());

/** Adds an import behind the last one that comes from below `folder`. */
export function withImport(text: string, line: string, folder: string): string {
  const imports = [...text.matchAll(/^import [^;]*;\n/gm)].filter(([found]) => found.includes(`'${folder}`));
  const last = imports.at(-1);
  if (!last) throw new Error(`An import from ${folder} must be there, but there is none`);
  const end = last.index + last[0].length;
  return `${text.slice(0, end)}${line}\n${text.slice(end)}`;
}

/** Adds an element at the end of the array that a constant is. */
export function withElement(text: string, constant: string, element: string): string {
  const start = text.search(new RegExp(`\\bconst ${constant}\\b[^=]*= \\[`));
  const end = start < 0 ? -1 : text.indexOf('];', start);
  if (end < 0) throw new Error(`\`${constant}\` must be an array, but there is none`);
  const before = text.slice(0, end).replace(/,?\s*$/, '');
  return `${before}, ${element}${text.slice(end)}`;
}
