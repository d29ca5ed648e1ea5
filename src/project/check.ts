import type { Diagnostic } from '../diagnostics.js';
import { nearest } from '../nearest.js';
import { identity } from './entry.js';
import { type Shape, schema, validate } from './generated/validate.js';
import { type ProjectFile, qualifiedGroup, type ResourceEntry } from './model.js';
import * as names from './names.js';

export type Path = readonly (string | number)[];

/** What is wrong with the part of PROJECT at `path`; `key`: it is the key there, not its value. */
export interface Finding {
  readonly path: Path;
  readonly key?: boolean;
  readonly diagnostic: Diagnostic;
}

const layoutName = 'opgen.dev/v1';

/** A file for another tool or of another version: one finding, as the rest of its content does not matter. */
export function foreignFindings(value: { readonly [key: string]: unknown }): readonly Finding[] {
  const { version, layout } = value;
  if (version !== undefined && String(version) !== '3') {
    const message = `PROJECT must have \`version: "3"\`, but has the version \`${shown(version)}\``;
    return [finding(['version'], message, 'run `opgen init` in an empty folder and create the APIs again')];
  }
  const layouts = [layout].flat().filter((each) => typeof each === 'string');
  if (layouts.length === 0 || layouts.includes(layoutName)) return [];
  const fact = layouts.map((each) => `\`${shown(each)}\``).join(', ');
  const message = `PROJECT must have the layout \`${layoutName}\`, but has ${fact}, the layout of another tool`;
  return [finding(['layout'], message, 'run `opgen init` in an empty folder and `opgen create api` for each API')];
}

/** Errors where the value is no `ProjectFile`. */
export function shapeFindings(value: unknown): readonly Finding[] {
  if (validate(value)) return [];
  const byPath = new Map<string, typeof errors>();
  const errors = [...(validate.errors ?? [])];
  for (const error of errors) {
    const place =
      error.keyword === 'required' ? `${error.instancePath}/${error.params.missingProperty}` : error.instancePath;
    byPath.set(place, [...(byPath.get(place) ?? []), error]);
  }
  return [...byPath].map(([place, found]) => shapeFinding(value, decode(place), found));
}

interface ShapeError {
  readonly keyword: string;
  readonly params: { readonly [name: string]: unknown };
}

function shapeFinding(root: unknown, path: Path, errors: readonly ShapeError[]): Finding {
  const name = display(path);
  const key = String(path.at(-1));
  if (errors[0]!.keyword === 'required') {
    const example = path.length > 1 ? entryExamples[key] : examples[key];
    return finding(path, `PROJECT needs \`${name}\`, but has none`, `add \`${key}: ${example ?? '…'}\``);
  }
  const fact = typeName(at(root, path));
  if (path.length === 0)
    return finding(path, `PROJECT must be a map, but is ${fact}`, 'run `opgen init` in an empty folder');
  const constant = errors.find((error) => error.keyword === 'const');
  const types = errors.filter((error) => error.keyword === 'type').map((error) => String(error.params.type));
  if (constant && types.length === 0) {
    const allowed = String(constant.params.allowedValue);
    return finding(
      path,
      `\`${name}\` must be \`${allowed}\`, but is \`${shown(at(root, path))}\``,
      `write \`${key}: ${allowed}\``,
    );
  }
  const rule = types.map((type) => typeNames[type] ?? type).join(' or ');
  return finding(path, `\`${name}\` must be ${rule}, but is ${fact}`, typeHint(key, types, at(root, path)));
}

const examples: Readonly<Record<string, string>> = {
  domain: 'my.domain',
  layout: `[${layoutName}]`,
  projectName: 'my-operator',
  version: '"3"',
};
const entryExamples: Readonly<Record<string, string>> = { kind: 'Memcached', version: 'v1alpha1', name: 'memcached' };
const typeNames: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: '`true` or `false`',
  object: 'a map',
  string: 'a string',
};

function typeHint(key: string, types: readonly string[], value: unknown): string {
  if (types.includes('string') && (typeof value === 'number' || typeof value === 'boolean')) {
    return `write \`${/^[0-9]+$/.test(key) ? '-' : `${key}:`} "${value}"\``;
  }
  if (types.includes('boolean')) return `write \`${key}: true\` or remove it`;
  return value === null
    ? `remove \`${key}\` or give it a value`
    : `write it as ${typeNames[types[0] ?? ''] ?? 'it must be'}`;
}

/** Warnings for unknown keys that resemble a known one; other unknown keys are somebody else's. */
export function keyFindings(value: unknown, shape: Shape = schema, path: Path = []): readonly Finding[] {
  if (Array.isArray(value)) {
    return shape.items === undefined
      ? []
      : value.flatMap((each, index) => keyFindings(each, shape.items, [...path, index]));
  }
  const known = shape.properties;
  if (typeof value !== 'object' || value === null || known === undefined) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    Object.hasOwn(known, key)
      ? keyFindings(part, known[key], [...path, key])
      : slip([...path, key], nearest(key, Object.keys(known))),
  );
}

function slip(path: Path, meant: string | undefined): readonly Finding[] {
  if (meant === undefined) return [];
  const message = `opgen reads the keys of PROJECT that it knows, but \`${display(path)}\` is unknown`;
  const { diagnostic } = finding(path, message, `did you mean \`${meant}\`?`);
  return [{ path, key: true, diagnostic: { ...diagnostic, severity: 'warning' } }];
}

/** Errors where names are invalid or clash. */
export function nameFindings(file: ProjectFile): readonly Finding[] {
  return [
    ...named(['domain'], names.checkDomain(file.domain)),
    ...named(['projectName'], names.checkProjectName(file.projectName)),
    ...(file.resources ?? []).flatMap((entry, index) => [
      ...entryFindings(entry, ['resources', index]),
      ...neighbourFindings(entry, file.resources!.slice(0, index), ['resources', index]),
    ]),
  ];
}

function entryFindings(entry: ResourceEntry, path: Path): readonly Finding[] {
  const { group = '', domain = '', version, kind, plural, webhooks } = entry;
  const foreign = entry.core === true || entry.external === true;
  const checkVersion = foreign ? names.checkForeignVersion : names.checkVersion;
  const whole = qualifiedGroup({ group, domain });
  const groupFlaw = foreign ? names.checkGroup(whole) : names.checkQualifiedGroup(group, domain);
  return [
    ...named([...path, 'group'], groupFlaw),
    ...named([...path, 'version'], checkVersion(version)),
    ...named([...path, 'kind'], names.checkKind(kind)),
    ...named([...path, 'plural'], plural === undefined ? undefined : names.checkPlural(plural)),
    ...(webhooks?.spoke ?? []).flatMap((spoke, at) => named([...path, 'webhooks', 'spoke', at], checkVersion(spoke))),
  ];
}

function neighbourFindings(entry: ResourceEntry, others: readonly ResourceEntry[], path: Path): readonly Finding[] {
  const twin = others.findIndex((other) => identity(other) === identity(entry));
  if (twin >= 0) {
    const message = `A resource stands in PROJECT once, but \`${display(path)}\` repeats \`resources[${twin}]\``;
    return [finding(path, message, 'merge the two entries')];
  }
  const group = wholeGroup(entry);
  return named(
    [...path, 'kind'],
    names.checkClash(
      entry,
      others.filter((other) => wholeGroup(other) === group),
    ),
  );
}

const wholeGroup = ({ group = '', domain = '' }: ResourceEntry): string => qualifiedGroup({ group, domain });

function named(path: Path, diagnostic: Diagnostic | undefined): readonly Finding[] {
  return diagnostic === undefined ? [] : [{ path, diagnostic }];
}

function finding(path: Path, message: string, hint: string): Finding {
  return { path, diagnostic: { code: 'OG5008', severity: 'error', message, hint } };
}

/** From a JSON pointer. */
function decode(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function display(path: Path): string {
  const steps = path.map((step) => (/^[0-9]+$/.test(String(step)) ? `[${step}]` : `.${shown(step)}`));
  return steps.join('').replace(/^\./, '');
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, step) => (part as { [key: string]: unknown } | undefined)?.[step], value);
}

function typeName(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `the ${typeof value} \`${shown(value)}\``;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
