import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { ts } from 'ts-morph';
import { describe, expect, test } from 'vitest';

/**
 * Who may import whom, as sentences. A folder may import itself and what is listed; a file in place of a folder narrows the rule to it. `types of x`: only
 * with `import type`.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'diagnostics.ts': [],
  'json.ts': ['types of ir'],
  'names.ts': [],
  'nearest.ts': [],
  'package.ts': [],
  ir: ['diagnostics.ts'],
  text: ['json.ts', 'types of crd', 'types of ir'],
  api: [],
  k8s: ['package.ts', 'types of ir', 'types of runtime', 'types of api'],
  markers: ['cel/escape.ts', 'ir', 'diagnostics.ts', 'nearest.ts'],
  project: ['ir', 'diagnostics.ts', 'names.ts', 'nearest.ts'],
  template: ['diagnostics.ts', 'package.ts'],
  emit: ['diagnostics.ts', 'nearest.ts', 'types of ir'],
  frontend: ['cel/escape.ts', 'markers', 'project', 'ir', 'diagnostics.ts', 'nearest.ts', 'package.ts', 'k8s/table.ts'],
  crd: ['cel/escape.ts', 'markers', 'ir', 'diagnostics.ts', 'names.ts', 'k8s/table.ts'],
  cel: ['json.ts', 'text', 'types of crd', 'types of ir'],
  validate: ['cel', 'json.ts', 'text', 'types of crd', 'crd/crd.ts', 'ir', 'diagnostics.ts', 'nearest.ts'],
  generators: [
    'cel/escape.ts',
    'types of crd',
    'crd/crd.ts',
    'markers',
    'project',
    'ir',
    'template',
    'emit/artifact.ts',
    'emit/yaml.ts',
    'diagnostics.ts',
    'nearest.ts',
    'json.ts',
    'text',
    'validate/object.ts',
  ],
  scaffold: [
    'k8s/kinds.ts',
    'names.ts',
    'project',
    'ir',
    'template',
    'emit/artifact.ts',
    'emit/yaml.ts',
    'diagnostics.ts',
  ],
  'generate.ts': [
    'crd',
    'generators',
    'validate',
    'emit/artifact.ts',
    'diagnostics.ts',
    'types of ir',
    'types of project',
  ],
  'index.ts': ['crd', 'diagnostics.ts', 'emit', 'frontend', 'generate.ts', 'ir', 'project'],
  cli: [
    'crd',
    'diagnostics.ts',
    'emit',
    'frontend',
    'generate.ts',
    'generators',
    'ir',
    'json.ts',
    'k8s/kinds.ts',
    'markers',
    'nearest.ts',
    'package.ts',
    'project',
    'scaffold',
    'validate',
  ],
  runtime: ['names.ts', 'nearest.ts', 'text/addresses.ts', 'text/dns.ts', 'types of api'],
  testing: ['json.ts', 'runtime', 'k8s', 'text', 'validate', 'package.ts'],
};

/** What single files may import beyond that, loaded when it is needed. */
const mayImportLater: Readonly<Record<string, readonly string[]>> = {
  'cli/commands/dev.ts': ['runtime'],
  'cli/dev/': ['runtime'],
};

/** Packages and built-in modules that only some files may use. Packages that are not listed may not be used at all. */
const packages: Readonly<Record<string, readonly string[]>> = {
  commander: ['cli/'],
  inquirer: ['cli/'],
  execa: ['cli/'],
  esbuild: ['cli/dev/bundle.ts'],
  'ts-morph': ['frontend/'],
  handlebars: ['template/render.ts'],
  '@marcbachmann/cel-js': ['cel/parse.ts'],
  'js-yaml': ['emit/yaml.ts', 'emit/yaml/', 'emit/locate.ts', 'runtime/kubeconfig/', 'testing/'],
  yaml: ['template/edit-yaml.ts', 'project/'],
};

/** What writes, and where it may stand: user files are written in one place only. */
const writers: readonly string[] = [
  'emit/apply.ts',
  'emit/disk.ts',
  'emit/lock.ts',
  'emit/cache.ts',
  'cli/report/append.ts',
  'testing/',
];
const writing =
  /^(write|writeFile|append|mkdir|mkdtemp|rm|rmdir|rename|unlink|copyFile|cp|symlink|link|chmod|fchmod|truncate|utimes|createWriteStream|open|openSync|fsync)/;

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
  /** By `import()`. */
  readonly isLate?: boolean;
  /** Names that are imported. */
  readonly names: readonly string[];
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !path.includes('/generated/'))
  .sort();

const edges: readonly Edge[] = files.flatMap((from) => edgesOf(from));

function edgesOf(from: string): readonly Edge[] {
  const source = ts.createSourceFile(from, readFileSync(join('src', from), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Edge[] = [];
  const visit = (node: ts.Node): void => {
    const isDeclaration = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
    if (isDeclaration && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      found.push({
        from,
        to: resolve(from, node.moduleSpecifier.text),
        typeOnly: isTypeOnly(node),
        names: namesOf(node),
      });
    }
    const isCall = ts.isCallExpression(node) && node.arguments.length === 1 && ts.isStringLiteral(node.arguments[0]!);
    const isDynamic =
      isCall &&
      (node.expression.kind === ts.SyntaxKind.ImportKeyword || /createRequire/.test(node.expression.getText()));
    if (isDynamic)
      found.push({
        from,
        to: resolve(from, (node.arguments[0] as ts.StringLiteral).text),
        typeOnly: false,
        isLate: true,
        names: [],
      });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function resolve(from: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(dirname(from), specifier).replace(/\.js$/, '.ts') : specifier;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const bindings = node.importClause?.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : undefined;
  return (
    node.importClause?.isTypeOnly === true ||
    (named !== undefined && !node.importClause?.name && named.every((each) => each.isTypeOnly))
  );
}

function namesOf(node: ts.ImportDeclaration | ts.ExportDeclaration): readonly string[] {
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : undefined;
  return bindings && ts.isNamedImports(bindings)
    ? bindings.elements.map((each) => (each.propertyName ?? each.name).text)
    : [];
}

/** What a file that imports node:fs as a whole calls of it. */
function methodsOfFs(path: string): readonly string[] {
  return [...readFileSync(join('src', path), 'utf8').matchAll(/\b(?:fs|nodeFs)\.(\w+)/g)].map((match) => match[1]!);
}

const isOwn = (edge: Edge): boolean => files.includes(edge.to) || edge.to.includes('generated/');
const areaOf = (path: string): string => (path.includes('/') ? path.slice(0, path.indexOf('/')) : path);

function isAllowed({ from, to, typeOnly, isLate }: Edge): boolean {
  const area = areaOf(from);
  if (areaOf(to) === area) return true;
  const later = Object.entries(mayImportLater).find(
    ([place]) => from === place || (place.endsWith('/') && from.startsWith(place)),
  );
  if (isLate && later?.[1].includes(areaOf(to))) return true;
  return (mayImport[area] ?? []).some((allowed) => {
    if (allowed.startsWith('types of ')) return typeOnly && areaOf(to) === allowed.slice('types of '.length);
    return to === allowed || to.startsWith(`${allowed}/`);
  });
}

describe('the layers of src/', () => {
  test('a forbidden edge is seen', () => {
    const edge = { from: 'generators/rbac.ts', to: 'frontend/index.ts', typeOnly: true, names: [] };
    expect(isAllowed(edge)).toBe(false);
    expect(isAllowed({ ...edge, to: 'emit/yaml.ts' })).toBe(true);
    const late = { from: 'cli/dev/cluster.ts', to: 'runtime/connect.ts', typeOnly: false, names: [] };
    expect(isAllowed(late)).toBe(false);
    expect(isAllowed({ ...late, isLate: true })).toBe(true);
    expect(isAllowed({ ...late, isLate: true, from: 'cli/run.ts' })).toBe(false);
    expect(edges.length).toBeGreaterThan(100);
  });

  test('every folder has a rule', () => {
    expect([...new Set(files.map(areaOf))].filter((area) => !(area in mayImport))).toEqual([]);
  });

  test('files import only what their folder may import', () => {
    const offending = edges.filter(isOwn).filter((edge) => !isAllowed(edge));
    const sentences = offending.map(
      ({ from, to }) =>
        `src/${from} imports src/${to}, but ${areaOf(from)} may import only: ${mayImport[areaOf(from)]!.join(', ') || 'nothing'}`,
    );
    expect(sentences).toEqual([]);
  });

  test('each package is used only where it belongs', () => {
    const foreign = edges.filter((edge) => !isOwn(edge) && !edge.to.startsWith('node:') && !edge.typeOnly);
    const sentences = foreign
      .filter(
        ({ from, to }) =>
          !(packages[to] ?? []).some((place) => from === place || (place.endsWith('/') && from.startsWith(place))),
      )
      .map(
        ({ from, to }) =>
          `src/${from} imports the package ${to}, which belongs in ${packages[to]?.join(' or ') ?? 'no file'}`,
      );
    expect(sentences).toEqual([]);
  });

  test('only the writers write files', () => {
    const sentences = edges
      .filter(
        ({ to, from }) =>
          /^node:fs/.test(to) &&
          !writers.some((place) => from === place || (place.endsWith('/') && from.startsWith(place))),
      )
      .flatMap(({ from, names }) =>
        [...names, ...methodsOfFs(from)].filter((name) => writing.test(name)).map((name) => [from, name]),
      )
      .map(([from, name]) => `src/${from} uses ${name} of node:fs, but only ${writers.join(', ')} write`);
    expect(sentences).toEqual([]);
  });

  test('process.exit is called by the program, and where an operator ends', () => {
    const callers = files.filter((path) => /\bprocess\.exit\(/.test(readFileSync(join('src', path), 'utf8')));
    expect(callers).toEqual(['cli/main.ts', 'runtime/manager/exit.ts', 'runtime/manager/signals.ts']);
  });

  test('pure folders know neither clock, environment, randomness nor console', () => {
    const pure = [
      'cel/',
      'crd/',
      'generators/',
      'ir/',
      'markers/',
      'scaffold/',
      'template/',
      'text/',
      'validate/',
      'generate.ts',
      'json.ts',
      'names.ts',
      'diagnostics.ts',
    ];
    const impure = /\bDate\.now|new Date\(\)|Math\.random|process\.env|console\.\w|localeCompare|toLocale/;
    const found = files.filter(
      (path) => pure.some((area) => path.startsWith(area)) && impure.test(readFileSync(join('src', path), 'utf8')),
    );
    expect(found).toEqual([]);
  });
});
