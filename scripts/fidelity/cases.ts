import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One version of a case: the same API in TypeScript and in Go. */
export interface Twin {
  readonly version: string;
  readonly typescript: string;
  /** Declarations only; `goModule` adds the package, its group and its imports. */
  readonly go: string;
}

/** What a case asks for in its `options.json`. */
export interface CaseOptions {
  /** Longest description in bytes, for both generators. */
  readonly maxDescLen?: number;
  /** Ids of intended differences that only this case has. */
  readonly differences?: readonly string[];
}

/** A folder below `fixtures/fidelity/<subject>/`. */
export interface FidelityCase {
  readonly subject: string;
  readonly name: string;
  readonly folder: string;
  readonly twins: readonly Twin[];
  readonly options: CaseOptions;
}

export const fidelityRoot = 'fixtures/fidelity';

/** All cases, sorted by subject and name. */
export const fidelityCases = (): readonly FidelityCase[] =>
  foldersIn(fidelityRoot).flatMap((subject) =>
    foldersIn(join(fidelityRoot, subject)).map((name) => readCase(subject, name)),
  );

/** The API group of a case, which no other case has. */
export const groupOf = ({ subject, name }: Pick<FidelityCase, 'subject' | 'name'>): string =>
  `${name}.${subject}.example.com`;

/** The files that opgen reads, by their path in a project. */
export const sourcesOf = (each: FidelityCase): Readonly<Record<string, string>> =>
  Object.fromEntries(
    each.twins.flatMap(({ version, typescript }) => [
      [`src/api/${version}/groupversion.ts`, `// +groupName=${groupOf(each)}\nexport {};\n`],
      [`src/api/${version}/thing.ts`, typescript],
    ]),
  );

/** Where the output of controller-gen is kept. */
export const expectedPath = ({ folder }: FidelityCase): string => join(folder, 'expected.yaml');

/** The versions of the tools that made the stored results: the lines of `VERSION`. */
export const madeBy = (): readonly string[] =>
  readFileSync(join(fidelityRoot, 'VERSION'), 'utf8').trimEnd().split('\n');

function readCase(subject: string, name: string): FidelityCase {
  const folder = join(fidelityRoot, subject, name);
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const versions = readdirSync(folder)
    .filter((file) => file.endsWith('.go'))
    .map((file) => file.slice(0, -'.go'.length))
    .sort();
  const twins = versions.map((version) => ({ version, typescript: read(`${version}.ts`), go: read(`${version}.go`) }));
  const options = existsSync(join(folder, 'options.json')) ? JSON.parse(read('options.json')) : {};
  return { subject, name, folder, twins, options };
}

const foldersIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
