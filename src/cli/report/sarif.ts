import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { codes, type Diagnostic } from '../../diagnostics.js';
import { packageVersion } from '../../package.js';
import type { ExitCode, Outcome } from '../command.js';
import { plural } from './count.js';
import { oneLine } from './human.js';
import { repositoryPath } from './place.js';
import { lineReader, type ReadLines } from './source.js';
import type { Voice } from './voice.js';

/** More results than this are refused by consumers such as GitHub. */
const resultLimit = 25_000;

/** A log in SARIF 2.1.0 with the diagnostics of one command; `repository` is what paths are relative to. */
export function toSarif(
  command: string,
  outcome: Outcome,
  exitCode: ExitCode,
  { repository, cwd }: Pick<Voice, 'repository' | 'cwd'>,
): object {
  const shown = outcome.diagnostics.slice(0, resultLimit);
  const ids = [...new Set(shown.map(ruleId))];
  const rules = ids.map((id) => toRule(id, shown.find((each) => ruleId(each) === id)!));
  const scope: Scope = { repository, root: outcome.root ?? cwd, read: lineReader(outcome.root), seen: new Map() };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'opgen', version: packageVersion(), semanticVersion: packageVersion(), rules } },
        automationDetails: { id: `opgen/${command.replaceAll(' ', '-') || 'usage'}/` },
        invocations: [
          {
            executionSuccessful: exitCode < 2,
            exitCode,
            toolExecutionNotifications: leftOut(outcome.diagnostics.length - shown.length),
          },
        ],
        originalUriBaseIds: { [baseId]: { description: { text: 'The root of the repository.' } } },
        columnKind: 'utf16CodeUnits',
        results: shown.map((each) => toResult(each, ids.indexOf(ruleId(each)), scope)),
      },
    ],
  };
}

interface Scope {
  readonly repository: string;
  readonly root: string;
  readonly read: ReadLines;
  /** How often each fingerprint was given so far. */
  readonly seen: Map<string, number>;
}

const baseId = '%SRCROOT%';

const leftOut = (count: number): readonly object[] =>
  count === 0 ? [] : [{ level: 'warning', message: { text: `${plural(count, 'more result')} did not fit.` } }];

/** The id of the API server's rule, or the code where there is none. */
const ruleId = ({ rule, code }: Diagnostic): string => rule ?? code;

/** A rule of the API server is named by its sentence, which messages begin with; a code by its title. */
function toRule(id: string, example: Diagnostic): object {
  const { title } = codes[example.code as keyof typeof codes];
  const claim = example.rule === undefined ? title : example.message.split(', but ')[0]!;
  const text = `${sentence(claim)}${example.hint ? ` Hint: ${oneLine(example.hint)}` : ''}`;
  return {
    id,
    shortDescription: { text: sentence(claim) },
    fullDescription: { text: sentence(title) },
    help: { text },
    defaultConfiguration: { level: example.severity },
    properties: { code: example.code, tags: [areaOf(example.code)] },
  };
}

const sentence = (text: string): string => `${text.replace(/\.$/, '')}.`;

const areas: Readonly<Record<string, string>> = { OG1: 'sources', OG2: 'markers', OG3: 'validation', OG4: 'files' };
const areaOf = (code: string): string => areas[code.slice(0, 3)] ?? 'usage';

function toResult(diagnostic: Diagnostic, ruleIndex: number, scope: Scope): object {
  const { severity, message, hint, at } = diagnostic;
  const line = at && scope.read(at.file)?.[at.line - 1];
  const replacement = at && fix(diagnostic, line);
  return {
    ruleId: ruleId(diagnostic),
    ruleIndex,
    level: severity,
    message: { text: `${oneLine(message)}${hint ? `. hint: ${oneLine(hint)}` : ''}` },
    ...locations(diagnostic, scope),
    partialFingerprints: { primaryLocationLineHash: fingerprint(diagnostic, line, scope.seen) },
    ...(at && replacement ? { fixes: [toFix(at, replacement, scope)] } : {}),
  };
}

/** GitHub takes no result without a location: what has no position is shown at the file that it is about, or at PROJECT. */
function locations({ at, code, message }: Diagnostic, scope: Scope): object {
  const region = at && { region: { startLine: at.line, startColumn: at.column } };
  const subject = code.startsWith('OG4') ? /^`([^`\s]+)` must /.exec(message)?.[1] : undefined;
  const file = at?.file ?? subject ?? (existsSync(join(scope.root, 'PROJECT')) ? 'PROJECT' : undefined);
  if (file === undefined) return {};
  return { locations: [{ physicalLocation: { artifactLocation: artifact(file, scope), ...region } }] };
}

/** A file outside of the repository is named from the project. */
function artifact(file: string, { repository, root }: Scope): object {
  const inside = repositoryPath(repository, root, file);
  const uri = (inside ?? file).split('/').map(encodeURIComponent).join('/');
  return inside === undefined ? { uri } : { uri, uriBaseId: baseId };
}

/**
 * The same for the same finding after lines were added above it or its line was indented: neither line nor column goes into it. The n-th of several equal
 * ones ends in `:n`.
 */
function fingerprint(diagnostic: Diagnostic, line: string | undefined, seen: Map<string, number>): string {
  const { at, message } = diagnostic;
  const parts = [ruleId(diagnostic), at?.file ?? '', message.replace(/:\d+:\d+/g, ''), line?.trim() ?? ''];
  const hash = createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
  const count = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, count);
  return `${hash}:${count}`;
}

interface Replacement {
  readonly wrong: string;
  readonly right: string;
}

/** Only where the hint is one name, and the name that it replaces stands exactly at the place. */
function fix({ at, message, hint }: Diagnostic, line: string | undefined): Replacement | undefined {
  const right = /^did you mean `([^`]+)`\?$/.exec(hint ?? '')?.[1];
  const rest = at && line?.slice(at.column - 1);
  if (right === undefined || rest === undefined) return undefined;
  const names = [...message.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
  const wrong = names.find((name) => rest.startsWith(name) && !/^[\w:.-]/.test(rest.slice(name.length)));
  return wrong === undefined ? undefined : { wrong, right };
}

function toFix(at: NonNullable<Diagnostic['at']>, { wrong, right }: Replacement, scope: Scope): object {
  const deletedRegion = { startLine: at.line, startColumn: at.column, endColumn: at.column + wrong.length };
  const replacements = [{ deletedRegion, insertedContent: { text: right } }];
  return {
    description: { text: `Replace \`${wrong}\` by \`${right}\`.` },
    artifactChanges: [{ artifactLocation: artifact(at.file, scope), replacements }],
  };
}
