/** The answer to a list, or to a part of one. */
export interface Page<T> {
  items?: T[] | null;
  metadata?: { resourceVersion?: string; continue?: string };
}

/** What asks for a page. */
export type PageQuery = { limit: string; continue?: string };

const pageSize = 500;

/**
 * The pages of a collection, as `read` answers them: 500 objects each, and no more pages than it takes for `limit` objects. Rejects as
 * `read` does, with 410 when the next page is no longer to be had.
 */
export async function* pagesOf<T>(
  read: (query: PageQuery) => Promise<Page<T>>,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Page<T>, void, undefined> {
  let left = limit;
  let next: string | undefined;
  do {
    const page = await read({ limit: String(Math.min(pageSize, left)), ...(next && { continue: next }) });
    yield page;
    left -= page.items?.length ?? 0;
    next = page.metadata?.continue;
  } while (next && left > 0);
}
