/** What a heap holds: it keeps the place of the entry in the entry itself, so that any entry can be taken out. */
export interface HeapEntry {
  /** Place in the heap; -1 outside of it. */
  at: number;
}

export interface Heap<E extends HeapEntry> {
  readonly size: number;
  /** The first entry, which stays. */
  peek(): E | undefined;
  push(entry: E): void;
  /** Takes the entry out, wherever it stands. */
  remove(entry: E): void;
}

/** A binary heap: `isBefore` decides which entry is first. Every change is of logarithmic cost. */
export function createHeap<E extends HeapEntry>(isBefore: (left: E, right: E) => boolean): Heap<E> {
  const entries: E[] = [];

  const place = (entry: E, at: number): void => {
    entries[at] = entry;
    entry.at = at;
  };

  const rise = (entry: E, from: number): void => {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = entries[above] as E;
      if (!isBefore(entry, parent)) break;
      place(parent, at);
      at = above;
    }
    place(entry, at);
  };

  const sink = (entry: E, from: number): void => {
    let at = from;
    for (let below = firstBelow(at); below !== undefined; below = firstBelow(at)) {
      if (!isBefore(below, entry)) break;
      const next = below.at;
      place(below, at);
      at = next;
    }
    place(entry, at);
  };

  const firstBelow = (at: number): E | undefined => {
    const left = entries[2 * at + 1];
    const right = entries[2 * at + 2];
    return left && right && isBefore(right, left) ? right : left;
  };

  return {
    get size() {
      return entries.length;
    },
    peek: () => entries[0],
    push: (entry) => rise(entry, entries.length),
    remove(entry) {
      const hole = entry.at;
      const last = entries.pop();
      entry.at = -1;
      if (last === undefined || last === entry) return;
      rise(last, hole);
      sink(last, last.at);
    },
  };
}
