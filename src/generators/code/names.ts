interface Named {
  /** `cache.example.com` */
  readonly group: string;
  readonly kind: string;
}

/**
 * A name for each kind that no other of the list has: the kind; where two groups have it, with the first word of the group in front
 * (`CacheMemcached`), and where that is taken too, with the whole group behind it (`Memcached_cache_example_com`).
 */
export function exportNames(kinds: readonly Named[]): readonly string[] {
  const plain = kinds.map(({ kind }) => kind);
  const prefixed = kinds.map(({ group, kind }) => `${capitalized(group.split('.')[0]!)}${kind}`);
  const takenOnce = (name: string) => prefixed.filter((each) => each === name).length === 1 && !plain.includes(name);
  return kinds.map(({ group, kind }, index) => {
    if (plain.filter((each) => each === kind).length === 1) return kind;
    const name = prefixed[index]!;
    return takenOnce(name) && !/^\d/.test(name) ? name : `${kind}_${group.replaceAll('-', '__').replaceAll('.', '_')}`;
  });
}

/** `my-cache` → `MyCache` */
const capitalized = (label: string): string =>
  label
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
