import {
  Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Pair,
  parseDocument,
  Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type Checked, type Diagnostic, hasErrors, type Position, sortDiagnostics } from '../diagnostics.js';
import { type Finding, foreignFindings, keyFindings, nameFindings, type Path, shapeFindings } from './check.js';
import { identity, toEntry, toProject } from './entry.js';
import type { Project, ProjectFile, Resource, ResourceEntry } from './model.js';
import { projectFile } from './paths.js';

const sizeLimit = 1024 * 1024;

/** Reads the text of PROJECT. The value is undefined where there are errors. */
export function readProject(text: string): Checked<Project | undefined> {
  const { file, diagnostics } = parse(text);
  return { value: file === undefined ? undefined : toProject(file), diagnostics };
}

interface Parsed {
  readonly document?: Document;
  /** Absent where there are errors. */
  readonly file?: ProjectFile;
  readonly diagnostics: readonly Diagnostic[];
}

function parse(text: string): Parsed {
  const refusal = refuseText(text);
  if (refusal !== undefined) return { diagnostics: [refusal] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const broken = syntaxErrors(document, lines);
  if (broken.length > 0) return { diagnostics: broken };
  const value: unknown = document.toJS();
  const diagnostics = findings(value).map((each) => placed(each, document, lines));
  if (hasErrors(diagnostics)) return { diagnostics: sortDiagnostics(diagnostics) };
  return { document, file: value as ProjectFile, diagnostics: sortDiagnostics(diagnostics) };
}

function findings(value: unknown): readonly Finding[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return shapeFindings(value);
  const foreign = foreignFindings(value as { readonly [key: string]: unknown });
  if (foreign.length > 0) return foreign;
  const shape = shapeFindings(value);
  return [...shape, ...(shape.length === 0 ? nameFindings(value as ProjectFile) : []), ...keyFindings(value)];
}

function refuseText(text: string): Diagnostic | undefined {
  if (text.length > sizeLimit) {
    return invalid(
      `PROJECT must have at most 1 MiB, but has ${text.length} characters`,
      'restore it from version control',
    );
  }
  const conflict = /^(<{7}|={7}|>{7})(?=[ \r\n]|$)/m.exec(text);
  if (conflict === null) return undefined;
  const line = text.slice(0, conflict.index).split('\n').length;
  const message = `PROJECT must be YAML, but has the merge conflict marker \`${conflict[1]}\``;
  return invalid(message, 'keep the resources of both sides and delete the markers', {
    file: projectFile,
    line,
    column: 1,
  });
}

function syntaxErrors(document: Document.Parsed, lines: LineCounter): readonly Diagnostic[] {
  const [error] = document.errors;
  if (error !== undefined) {
    const message = `PROJECT must be YAML, but: ${error.message.split('\n')[0]}`;
    return [invalid(message, 'correct the syntax', position(error.pos[0], lines))];
  }
  let alias: number | undefined;
  visit(document, {
    Alias: (_, node) => {
      alias = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  if (alias === undefined) return [];
  return [invalid('PROJECT must not have aliases, but has one', 'write the value out', position(alias, lines))];
}

function placed({ path, key, diagnostic }: Finding, document: Document, lines: LineCounter): Diagnostic {
  return { ...diagnostic, at: position(offset(document, path, key === true), lines) };
}

/** Where the value at `path`, or else its nearest ancestor, begins; with `key` where its key does. */
function offset(document: Document, path: Path, key: boolean): number {
  const parent = document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent) ? pairOf(parent, String(path.at(-1))) : undefined;
  const node = key ? pair?.key : (document.getIn(path, true) ?? pair?.key);
  if (isNode(node) && node.range) return node.range[0];
  return path.length === 0 ? 0 : offset(document, path.slice(0, -1), false);
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => keyOf(pair) === key);
}

const keyOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);

function position(at: number, lines: LineCounter): Position {
  const { line, col } = lines.linePos(at);
  return { file: projectFile, line: Math.max(1, line), column: Math.max(1, col) };
}

function invalid(message: string, hint: string, at: Position = { file: projectFile, line: 1, column: 1 }): Diagnostic {
  return { code: 'OG5008', severity: 'error', message, hint, at };
}

export interface NewProject {
  readonly domain: string;
  readonly name: string;
  /** The name in package.json. */
  readonly repo?: string;
  readonly multigroup: boolean;
  readonly namespaced: boolean;
  readonly cliVersion: string;
}

const header = ` opgen keeps here what it has scaffolded, and reads it again in later commands.
 Change it by \`opgen create\`; comments and keys of your own stay.`;

/** The text of a PROJECT without resources. */
export function newProject({ domain, name, repo, multigroup, namespaced, cliVersion }: NewProject): string {
  const document = new Document({
    cliVersion,
    domain,
    layout: ['opgen.dev/v1'],
    ...(multigroup && { multigroup }),
    ...(namespaced && { namespaced }),
    projectName: name,
    ...(repo !== undefined && { repo }),
    version: '3',
  });
  document.commentBefore = header;
  quote(document.contents as Node);
  return print(document);
}

/**
 * PROJECT with `resource` in it: a new entry, or the entry of the same group, domain, version and kind with what `resource` adds. A list of named
 * controllers takes the place of `controller: true`.
 * Comments and unknown keys stay, and a text that says all of it already comes back as it is. An invalid PROJECT and an entry with
 * another plural, path or the like are refused.
 */
export function addResource(text: string, resource: Resource): string | Diagnostic {
  const { document, file, diagnostics } = parse(text.replaceAll('\r\n', '\n'));
  if (document === undefined || file === undefined) return diagnostics.find((each) => each.severity === 'error')!;
  const entry = toEntry(resource);
  const index = (file.resources ?? []).findIndex((each) => identity(each) === identity(entry));
  if (index < 0) append(document, entry);
  else {
    const map = document.getIn(['resources', index]) as YAMLMap;
    if (entry.controllers !== undefined) map.delete('controller');
    const [conflict] = merge(document, map, entry);
    if (conflict !== undefined) return contradiction(resource, conflict);
  }
  if (JSON.stringify(document.toJS()) === JSON.stringify(file)) return text;
  return text.includes('\r\n') ? print(document).replaceAll('\n', '\r\n') : print(document);
}

function append(document: Document, entry: ResourceEntry): void {
  const resources = document.get('resources');
  if (!isSeq(resources)) {
    insert(document, document.contents as YAMLMap, 'resources', [entry]);
    return;
  }
  if (resources.items.length === 0) resources.flow = false;
  resources.add(node(document, entry));
}

interface Conflict {
  readonly key: string;
  readonly old: unknown;
  readonly new: unknown;
}

/** Adds what `addition` has to `map`: new keys, elements that a list lacks, true over false. Returns what contradicts. */
function merge(document: Document, map: YAMLMap, addition: object): readonly Conflict[] {
  return Object.entries(addition).flatMap(([key, value]): readonly Conflict[] => {
    const old = map.get(key, true);
    if (old === undefined) insert(document, map, key, value);
    else if (isMap(old)) return merge(document, old, value);
    else if (isSeq(old)) unite(document, old, value);
    else if (value === true) map.set(key, true);
    else if (isScalar(old) && old.value !== value) return [{ key, old: old.value, new: value }];
    return [];
  });
}

function unite(document: Document, list: YAMLSeq, elements: readonly unknown[]): void {
  const present = new Set((list.toJS(document) as unknown[]).map(elementName));
  for (const element of elements) {
    if (!present.has(elementName(element))) list.add(node(document, element));
  }
}

/** Controllers are told apart by their name, whatever else their entries say. */
function elementName(element: unknown): unknown {
  return typeof element === 'object' && element !== null && 'name' in element ? element.name : element;
}

/** Puts the key before the first one that sorts after it: kubebuilder sorts the keys of the whole file. */
function insert(document: Document, map: YAMLMap, key: string, value: unknown): void {
  const next = map.items.findIndex((pair) => keyOf(pair) > key);
  map.items.splice(next < 0 ? map.items.length : next, 0, new Pair(node(document, key), node(document, value)));
}

function node(document: Document, value: unknown): Node {
  return quote(document.createNode(value, { aliasDuplicateObjects: false }));
}

function contradiction({ kind }: Resource, conflict: Conflict): Diagnostic {
  const fact = `has \`${conflict.old}\`, not \`${conflict.new}\``;
  return invalid(
    `\`${conflict.key}\` of \`${kind}\` must stay as PROJECT has it, but PROJECT ${fact}`,
    'use the value of PROJECT, or edit PROJECT first',
  );
}

/** Plain only what is a string to every reader, YAML 1.1 or 1.2. */
function quote<T extends Node>(root: T): T {
  visit(root, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value !== 'string') return;
      const word = /^(y|n|yes|no|on|off|true|false|null)$/i.test(scalar.value);
      if (word || !/^[a-z][a-z0-9_./-]*$/i.test(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return root;
}

function print(document: Document): string {
  return document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false });
}
