const reserved: ReadonlySet<string> = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return var ' +
    'void while'
  ).split(' '),
);

const symbols: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** The name by which CEL reaches a property; absent for one that it cannot reach. */
export function escapeName(name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`;
  if (!/^[A-Za-z_./-][\w./-]*$/.test(name)) return undefined;
  return name.replace(/__|[./-]/g, (text) => symbols[text]!);
}

const originals: Readonly<Record<string, string>> = { underscores: '__', dot: '.', dash: '-', slash: '/' };

/** The property that a name of CEL stands for; absent when it holds an unknown escape. */
export function unescapeName(name: string): string | undefined {
  let valid = true;
  const text = name.replace(/__([^_]+)__/g, (whole, content: string) => {
    if (Object.hasOwn(originals, content)) return originals[content]!;
    if (!reserved.has(content) || whole.length !== name.length) valid = false;
    return content;
  });
  return valid ? text : undefined;
}

/** The property that a name of CEL stands for, as far as that can be told: an unknown escape is taken as it stands. */
export const memberName = (name: string): string => unescapeName(name) ?? name;
