import { createRequire } from 'node:module';
import type HandlebarsModule from 'handlebars';
import { InternalError } from '../diagnostics.js';
import { type Encoded, path } from './encode.js';

/** Of one element of a list: the names that are known inside its `{{#each}}`. */
export type Row = Readonly<Record<string, Encoded | boolean>>;
export type Values = Readonly<Record<string, Encoded | boolean | readonly Row[]>>;

export interface TemplateFile {
  /** Relative to the project. */
  readonly path: string;
  readonly content: string;
}

const helpers = { if: true, unless: true, each: true };

/** Loaded by the first template: `generate` has none, and starts without it. */
const engine = (): typeof HandlebarsModule => createRequire(import.meta.url)('handlebars');

/**
 * Fills a template of opgen's own; nothing else must come here. `{{name}}`, `{{#if}}`, `{{#unless}}` and `{{#each}}` are known;
 * values are printed as they are. A name that has no value, also as the condition of an `if`, is an InternalError.
 */
export function render(template: string, values: Values): string {
  const Handlebars = engine();
  try {
    checkNames(Handlebars.parse(template), [[values]]);
    const run = Handlebars.compile(template, {
      strict: true,
      noEscape: true,
      knownHelpers: helpers,
      knownHelpersOnly: true,
    });
    return run(values);
  } catch (error) {
    if (error instanceof InternalError) throw error;
    throw new InternalError(`A template cannot be rendered: ${(error as Error).message}`);
  }
}

/**
 * Renders what ends in `.hbs` (the ending goes) and passes the other files on as they are. In paths `__name__` stands for the value
 * `name` in lower case, and `__dot__` for a dot, as npm does not pack some files that begin with one.
 */
export function renderTree(files: readonly TemplateFile[], values: Values): readonly TemplateFile[] {
  return files.map((file) => {
    const target = renderPath(file.path, values);
    if (!target.endsWith('.hbs')) return { path: target, content: file.content };
    return { path: target.slice(0, -'.hbs'.length), content: render(file.content, values) };
  });
}

function renderPath(template: string, values: Values): string {
  return path(
    template.replace(/__([A-Za-z]+)__/g, (_, name: string) => {
      if (name === 'dot') return '.';
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (typeof value !== 'string') throw new InternalError(`The path \`${template}\` needs a value for \`${name}\``);
      return value.toLowerCase();
    }),
  );
}

/** The objects that names may refer to, innermost last; an `each` is checked with every row. */
type Scopes = readonly (readonly Values[])[];

function checkNames(program: hbs.AST.Program, scopes: Scopes): void {
  for (const statement of program.body) {
    if (statement.type === 'MustacheStatement') checkMustache(statement as hbs.AST.MustacheStatement, scopes);
    else if (statement.type === 'BlockStatement') checkBlock(statement as hbs.AST.BlockStatement, scopes);
    else if (statement.type !== 'ContentStatement' && statement.type !== 'CommentStatement') {
      throw new InternalError(`A template must not have a ${statement.type}${place(statement)}`);
    }
  }
}

function checkMustache(statement: hbs.AST.MustacheStatement, scopes: Scopes): void {
  if (statement.params.length > 0) throw new InternalError(`A template must not call a helper${place(statement)}`);
  for (const value of lookUp(statement.path, scopes)) {
    if (typeof value === 'object') throw new InternalError(`A template must not print a list${place(statement)}`);
  }
}

function checkBlock(block: hbs.AST.BlockStatement, scopes: Scopes): void {
  const name = block.path.type === 'PathExpression' ? (block.path as hbs.AST.PathExpression).original : '';
  const [subject] = block.params;
  if (!Object.hasOwn(helpers, name) || subject === undefined) {
    throw new InternalError(`A template must not have the block \`${name}\`${place(block)}`);
  }
  const found = lookUp(subject, scopes);
  checkNames(block.program, name === 'each' ? [...scopes, rows(found, block)] : scopes);
  if (block.inverse) checkNames(block.inverse, scopes);
}

function rows(found: readonly Values[string][], block: hbs.AST.BlockStatement): readonly Row[] {
  return found.flatMap((value) => {
    if (typeof value !== 'object') throw new InternalError(`A template must loop over a list${place(block)}`);
    return value;
  });
}

/** The values of a name; several inside an `each`, none for `@first` and its like. */
function lookUp(expression: hbs.AST.Expression, scopes: Scopes): readonly Values[string][] {
  const { type, data, depth, parts, original } = expression as hbs.AST.PathExpression;
  if (type === 'PathExpression' && data && scopes.length > 1 && /^@(first|last|index)$/.test(original)) return [];
  const scope = scopes.at(-1 - (depth ?? 0));
  const [name] = parts ?? [];
  if (type !== 'PathExpression' || data || scope === undefined || parts.length !== 1 || typeof name !== 'string') {
    throw new InternalError(`A template must name its values, but has \`${original}\`${place(expression)}`);
  }
  return scope.map((values) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined)
      throw new InternalError(`A template needs a value for \`${original}\`${place(expression)}`);
    return value;
  });
}

function place(node: hbs.AST.Node): string {
  return ` (line ${node.loc.start.line} of the template)`;
}
