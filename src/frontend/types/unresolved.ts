import type { Schema } from '../../ir/schema.js';
import { builtinTable } from '../../k8s/table.js';
import { nearest } from '../../nearest.js';
import type { TypeScript } from '../load.js';
import { apiType } from './scalars.js';
import { type Context, refuse, type Scope } from './scope.js';

/** A name that stands for nothing, with the nearest name that does. */
export function refuseUnresolved(context: Context, node: TypeScript.Node, scope: Scope): Schema {
  const { ts, checker } = context.sources;
  const name = nameOf(context, node).getText();
  const module = moduleOfName(context, node);
  const file = module && checker.getSymbolAtLocation(module);
  const known = module
    ? checker.getExportsOfModule(file ?? checker.getSymbolAtLocation(node.getSourceFile())!)
    : checker.getSymbolsInScope(node, ts.SymbolFlags.Type | ts.SymbolFlags.Alias);
  const names = known.map((symbol) => symbol.name).filter((each) => each !== name);
  const from = module?.getText().slice(1, -1);
  const missing = file ? `\`${from}\` has no type \`${name}\`` : `\`${from}\` is not found`;
  const fact = module ? missing : `\`${name}\` is not known here`;
  const message = `The type of \`${scope.subject}\` must be declared or imported, but ${fact}`;
  const hint = from === undefined ? scopeHint(name, names) : file ? exportHint(name, names) : moduleHint(from);
  return refuse(context, node, 'OG1004', message, hint);
}

/** What finds the module of a specifier. */
function moduleHint(specifier: string): string {
  if (/^\.{0,2}\//.test(specifier)) return 'write the path of a TypeScript file, such as `./types.js`';
  if (specifier.startsWith('#')) return `add \`${specifier}\` to \`imports\` in package.json`;
  const [name] = /^(@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
  return isPackageName(name)
    ? `run \`npm install ${name}\`, or add its prefix to \`paths\` in tsconfig.json`
    : 'add its prefix to `paths` in tsconfig.json';
}

const isPackageName = (name: string | undefined): boolean =>
  name !== undefined && /^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/.test(name);

const keywords = ['string', 'number', 'boolean'] as const;

/** Types of JavaScript that hold bytes. */
const byteTypes: readonly string[] = ['Buffer', 'Uint8Array', 'ArrayBuffer'];

/** What makes a name known: the import that was forgotten, or the name that was meant. */
function scopeHint(name: string, known: readonly string[]): string {
  const module = moduleWith(name);
  if (module) return `write \`import type { ${name} } from '${module}'\``;
  return byteTypes.includes(name) ? "use `Bytes` from 'opgen/api'" : exportHint(name, [...keywords, ...known]);
}

function exportHint(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near ? `did you mean \`${near}\`?` : `declare or import \`${name}\``;
}

/** The module of opgen's, or of the Kubernetes client, that has a type with this name. */
function moduleWith(name: string): string | undefined {
  const isDeclared = ['CustomResource', 'Condition', 'OwnerReference'].includes(name);
  if (isDeclared || apiType(name, { file: '', line: 0, column: 0 })) return 'opgen/api';
  return ['opgen/k8s', '@kubernetes/client-node'].find((each) => Object.hasOwn(builtinTable().exportsOf(each), name));
}

function nameOf({ sources: { ts } }: Context, node: TypeScript.Node): TypeScript.Node {
  if (ts.isTypeReferenceNode(node)) return node.typeName;
  if (ts.isExpressionWithTypeArguments(node)) return node.expression;
  return (ts.isImportTypeNode(node) && node.qualifier) || node;
}

/** The specifier of the module that a name, or the namespace before its dot, is imported from. */
function moduleOfName(context: Context, node: TypeScript.Node): TypeScript.Node | undefined {
  const { ts, checker } = context.sources;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  let name = nameOf(context, node);
  while (ts.isQualifiedName(name)) name = name.left;
  while (ts.isPropertyAccessExpression(name)) name = name.expression;
  let declaration: TypeScript.Node | undefined = checker.getSymbolAtLocation(name)?.declarations?.[0];
  while (declaration && !ts.isImportDeclaration(declaration)) declaration = declaration.parent;
  return declaration?.moduleSpecifier;
}
