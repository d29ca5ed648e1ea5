import { NoAnswerError } from './errors.js';
import { isMembers } from './json.js';

/** The answer to a list, or to a part of one. */
export interface Page<T> {
  items?: T[] | null;
  metadata?: { resourceVersion?: string; continue?: string };
}

/** What asks for a page. */
export type PageQuery = { limit: string; continue?: string };

const pageSize = 500;

/** The page as it is. Throws NoAnswerError for what is no page. */
export function checkedPage<T>(page: Page<T>): Page<T> {
  const { items, metadata }: { items?: unknown; metadata?: unknown } = page;
  const isPage = isListOfMembers(items ?? []) && isMembers(metadata ?? {});
  const token: unknown = page.metadata?.continue ?? '';
  if (isPage && typeof token === 'string') return page;
  throw new NoAnswerError(
    'The answer to a list must have objects as `items`, and a text as `metadata.continue`, but has something else',
  );
}

const isListOfMembers = (value: unknown): boolean => Array.isArray(value) && value.every(isMembers);

/**
 * The pages of a collection, as `read` answers them: 500 objects each, and no more pages than it takes for `limit` objects. Rejects as
 * `read` does, with 410 when the next page is no longer to be had, and where a page leads back to an earlier one. The next page is asked for
 * before the last one is handed out, so that the server makes it meanwhile.
 */
export async function* pagesOf<T>(
  read: (query: PageQuery) => Promise<Page<T>>,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Page<T>, void, undefined> {
  let left = limit;
  const seen = new Set<string>();
  const ask = (token?: string): Promise<Page<T>> =>
    read({ limit: String(Math.min(pageSize, left)), ...(token && { continue: token }) });
  for (let reading: Promise<Page<T>> | undefined = ask(); reading; ) {
    const page: Page<T> = checkedPage(await reading);
    left -= page.items?.length ?? 0;
    const token: string | undefined = left > 0 ? page.metadata?.continue : undefined;
    if (token && seen.has(token)) throw new NoAnswerError('The pages of a list must go on, but one leads back');
    if (token) seen.add(token);
    reading = token ? ask(token) : undefined;
    // Whoever takes no more pages is not told of it.
    reading?.catch(() => {});
    yield page;
  }
}
