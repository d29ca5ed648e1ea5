/** The text of a source file, by its path. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** Files, and the names that they were found by: `CustomResource`, and what is made from it. */
export interface Candidates {
  readonly files: readonly SourceText[];
  readonly names: readonly string[];
}

/**
 * The files that may declare kinds, by their words alone, so that the others need no checker: those that speak of `CustomResource`, of a generic
 * declaration or an alias made from it, or of the marker. Files that add to the declarations of others count too. `known` are names from other files.
 */
export function candidates(files: readonly SourceText[], known: readonly string[] = []): Candidates {
  let found: readonly SourceText[] = [];
  for (const names = new Set(['CustomResource', ...known]); ; ) {
    const next = files.filter(({ text }) => mayDeclareKind(text, names));
    if (next.length === found.length) return { files: found, names: [...names] };
    found = next;
    for (const name of next.flatMap(({ text }) => derivedNames(text, names))) names.add(name);
  }
}

function mayDeclareKind(text: string, names: ReadonlySet<string>): boolean {
  return hasWord(text, names) || /object:root|@kind\b|\bdeclare\s+(module|global)\b/.test(text);
}

const hasWord = (text: string, names: ReadonlySet<string>): boolean =>
  (text.match(/[\p{L}\p{N}_$]+/gu) ?? []).some((word) => names.has(word));

/** How far behind the name of a generic declaration its base may stand. */
const headLength = 400;

/** `interface Base<T> extends CustomResource<…>`, `type Base<T> = CustomResource<…>`, `export { CustomResource as Base }` */
function derivedNames(text: string, names: ReadonlySet<string>): readonly string[] {
  const generics = [...text.matchAll(/\b(?:interface|class|type)\s+([\p{L}\p{N}_$]+)\s*</gu)]
    .filter(({ index }) => hasWord(text.slice(index, index + headLength), names))
    .map((match) => match[1]!);
  const renamed = [...text.matchAll(/(?<![\p{L}\p{N}_$])([\p{L}\p{N}_$]+)\s+as\s+([\p{L}\p{N}_$]+)/gu)]
    .filter((match) => names.has(match[1]!))
    .map((match) => match[2]!);
  return [...generics, ...renamed];
}
