import type { Diagnostic } from '../diagnostics.js';

/** A line that scaffolding commands insert before, and its place in the text. */
export interface Anchor {
  readonly name: string;
  readonly indentation: string;
  /** Offset of the line's first character. */
  readonly offset: number;
  /** The line break that ends the line, or that of the text where the text ends. */
  readonly eol: string;
}

const anchorLine = /^([ \t]*)(?:\/\/|#)[ \t]*\+(?:opgen|kubebuilder):scaffold:([\w-]+)[ \t]*(\r?\n|$)/gm;

/** The anchors of a text, `// +opgen:scaffold:NAME` or `# …`, in its order; `+kubebuilder:scaffold:` is the same. */
export function findAnchors(text: string): readonly Anchor[] {
  return [...text.matchAll(anchorLine)].map(({ 1: indentation = '', 2: name = '', 3: eol, index }) => {
    return { name, indentation, offset: index, eol: eol || lineBreak(text) };
  });
}

/** CRLF where the text has one, else LF. */
export const lineBreak = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/**
 * `before` with `lines` in front of the anchor, indented as the anchor is. Where the same lines follow one another already, whatever
 * their indentation, the text comes back as it is. Without the anchor, a diagnostic shows the lines to paste.
 */
export function insertAtAnchor(
  before: string,
  anchor: string,
  lines: readonly string[],
  file: string,
): string | Diagnostic {
  if (hasRun(before, lines)) return before;
  const found = findAnchors(before).find((each) => each.name === anchor);
  return found === undefined ? missing(anchor, lines, file) : insertBefore(before, found, lines);
}

/**
 * `before` with a one-line import among the imports above the anchor, blank lines between being none of them: in the order of the linter
 * among the one-line imports of the project's own modules that stand last there. An import that is there already leaves the text as it is.
 */
export function insertImport(before: string, anchor: string, line: string, file: string): string | Diagnostic {
  if (hasRun(before, [line])) return before;
  const found = findAnchors(before).find((each) => each.name === anchor);
  if (found === undefined) return missing(anchor, [line], file);
  const above = before.slice(0, found.offset).split('\n').slice(0, -1);
  const end = above.findLastIndex((each) => each.trim() !== '') + 1;
  const start = above.findLastIndex((each, index) => index < end && moduleOf(each) === undefined) + 1;
  const next = above.slice(start, end).findIndex((each) => compareModules(moduleOf(each)!, moduleOf(line)!) > 0);
  const at = end === 0 ? above.length : next < 0 ? end : start + next;
  const offset = above.slice(0, at).reduce((sum, each) => sum + each.length + 1, 0);
  return insertBefore(before, { ...found, offset }, [line]);
}

/** `./…` of an import on one line. */
const moduleOf = (line: string): string | undefined => /^\s*import .* from ['"](\.[^'"]*)['"];?\s*$/.exec(line)?.[1];

/** The linter's order of two modules in lower case: `/`, `.`, `-`, numbers by their value, letters. */
export function compareModules(a: string, b: string): number {
  const parts = (module: string): readonly string[] => module.match(/[0-9]+|[^0-9]/g) ?? [];
  const [left, right] = [parts(a), parts(b)];
  const at = left.findIndex((part, index) => part !== right[index]);
  const [one, other] = [left[at], right[at]];
  if (at < 0 || one === undefined || other === undefined) return left.length - right.length;
  const bothNumbers = /^[0-9]/.test(one) && /^[0-9]/.test(other);
  if (bothNumbers) return Number(one) - Number(other) || one.length - other.length;
  return weight(one) - weight(other);
}

const weight = (part: string): number => {
  const punctuation = ['/', '.', '-'].indexOf(part);
  return punctuation < 0 ? part.charCodeAt(0) : punctuation;
};

function hasRun(text: string, lines: readonly string[]): boolean {
  const present = text.split('\n').map((line) => line.trim());
  const wanted = lines.map((line) => line.trim());
  return present.some((_, start) => wanted.every((line, index) => line === present[start + index]));
}

function insertBefore(text: string, { indentation, offset, eol }: Anchor, lines: readonly string[]): string {
  const inserted = lines.map((line) => (line.trim() === '' ? '' : indentation + line) + eol).join('');
  return text.slice(0, offset) + inserted + text.slice(offset);
}

function missing(anchor: string, lines: readonly string[], file: string): Diagnostic {
  const comment = `${/\.[cm]?[jt]sx?$/.test(file) ? '//' : '#'} +opgen:scaffold:${anchor}`;
  return {
    code: 'OG4008',
    severity: 'error',
    message: `\`${file}\` needs the anchor \`${comment}\` where opgen inserts code, but has none`,
    at: { file, line: 1, column: 1 },
    hint: `paste the lines below into \`${file}\`, with the anchor as the last of them`,
    detail: [...lines, comment].join('\n'),
  };
}
