import type { Diagnostic } from '../diagnostics.js';
import type { SourceText } from './candidates.js';

/** Sources that exhaust the stack of the parser or the checker: reported where brackets nest deepest. */
export function nestingDiagnostic(files: readonly SourceText[]): Diagnostic {
  const places = files.map(({ path, text }) => ({ path, text, ...deepestPlace(text) }));
  const { path, text, offset } = places.reduce((a, b) => (b.depth > a.depth ? b : a));
  const before = text.slice(0, offset);
  const at = { file: path, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
  const message = 'The source must nest at most some hundred levels, but this one is too deep to be read';
  return { code: 'OG1001', severity: 'error', at, message, hint: 'give the inner types names of their own' };
}

function deepestPlace(text: string): { readonly depth: number; readonly offset: number } {
  let depth = 0;
  let deepest = { depth: 0, offset: 0 };
  for (let offset = 0; offset < text.length; offset++) {
    const char = text[offset]!;
    if ('([{<'.includes(char)) depth++;
    else if (')]}>'.includes(char)) depth--;
    if (depth > deepest.depth) deepest = { depth, offset };
  }
  return deepest;
}
