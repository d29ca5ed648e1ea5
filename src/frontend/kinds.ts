import type { Position } from '../diagnostics.js';
import type { Marker } from '../ir/marker.js';
import type { ObjectSchema, Schema } from '../ir/schema.js';
import { describeSchema } from '../ir/schema.js';
import { applyMarkers } from '../markers/apply.js';
import { objectRoot } from '../markers/defs/package.js';
import { leadingComments } from './comments.js';
import type { TypeScript } from './load.js';
import { metadataField } from './metadata.js';
import { typeSchema } from './types/index.js';
import { declarationSchema } from './types/object.js';
import { isApiType, resolveSymbol } from './types/reference.js';
import { type Context, nodeLimit, refuse, topScope } from './types/scope.js';

/** A kind as declared, before its file says group and version. */
export interface DeclaredKind {
  readonly name: string;
  readonly schema: ObjectSchema;
  readonly markers: readonly Marker[];
  readonly at: Position;
  readonly files: readonly string[];
}

type KindNode = TypeScript.InterfaceDeclaration | TypeScript.TypeAliasDeclaration | TypeScript.ClassDeclaration;

/** The kinds that a file declares: what extends or is `CustomResource`, directly or through generic declarations, or is marked as a root. */
export function kindsOf(context: Context, file: TypeScript.SourceFile): readonly DeclaredKind[] {
  refuseNested(context, file);
  const schemas: Schemas = new Map();
  return file.statements
    .filter((node) => isKindNode(context, node))
    .flatMap((node) => readKind(context, node, schemas) ?? []);
}

/** What the declarations of a file that stand for one symbol mean together: it is read once, however many of them say that it is a kind. */
type Schemas = Map<TypeScript.Symbol, Schema>;

function isKindNode({ sources: { ts } }: Context, node: TypeScript.Node): node is KindNode {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isClassDeclaration(node);
}

function readKind(context: Context, node: KindNode, schemas: Schemas): DeclaredKind | undefined {
  if (node.typeParameters && !isMarked(context, node)) return undefined;
  if (!extendsResource(context, node) && !isMarked(context, node)) return undefined;
  const docs = context.docs.of(node, 'kind');
  if (!node.name || !isExported(context, node, node.name)) return refuseHidden(context, node);
  const name = node.name.text;
  const at = context.sources.position(node.name);
  const found = context.diagnostics.length;
  const schema = symbolSchema(context, node, node.name, schemas);
  if (schema.kind !== 'object') {
    if (!schema.refused && context.diagnostics.length === found) refuseNoObject(context, node.name, schema);
    return undefined;
  }
  if (isList(name, schema)) return refuseList(context, node.name);
  const described = docs.description === undefined ? schema : { ...schema, description: docs.description };
  const applied = applyMarkers({ ...described, at }, docs.markers, name);
  context.diagnostics.push(...applied.diagnostics);
  return {
    name,
    schema: applied.value as ObjectSchema,
    markers: docs.markers,
    at,
    files: context.sources.filesBehind(node.getSourceFile()),
  };
}

function symbolSchema(context: Context, node: KindNode, name: TypeScript.Identifier, schemas: Schemas): Schema {
  if (context.sources.ts.isTypeAliasDeclaration(node)) return rootSchema(context, node, name);
  const symbol = context.sources.checker.getSymbolAtLocation(name)!;
  const schema = schemas.get(symbol) ?? rootSchema(context, node, name);
  schemas.set(symbol, schema);
  return schema;
}

function isMarked(context: Context, node: KindNode): boolean {
  const { text } = node.getSourceFile();
  const { own } = leadingComments(context.sources, node);
  if (!own.some(({ pos, end }) => /object:root|@kind\b/.test(text.slice(pos, end)))) return false;
  const { markers } = context.docs.of(node, 'kind');
  return markers.some((marker) => marker.def.name === objectRoot.name && marker.value !== false);
}

/** Whether the file exports the declaration under its own name, which generated code imports. */
function isExported({ sources: { ts, checker } }: Context, node: KindNode, name: TypeScript.Identifier): boolean {
  const symbol = checker.getSymbolAtLocation(name);
  const module = checker.getSymbolAtLocation(node.getSourceFile());
  const exported = (module ? checker.getExportsOfModule(module) : []).find((each) => each.name === name.text);
  const target = exported && exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  return target !== undefined && (target === symbol || target === checker.getExportSymbolOfSymbol(symbol!));
}

function refuseHidden(context: Context, node: KindNode): undefined {
  const { ts } = context.sources;
  const name = node.name?.text ?? 'a class without a name';
  const word = ts.isInterfaceDeclaration(node) ? 'interface' : ts.isClassDeclaration(node) ? 'class' : 'type';
  const message = `A kind must be exported under its name, but \`${name}\` is not`;
  refuse(context, node.name ?? node, 'OG1009', message, `write \`export ${word} ${node.name?.text ?? 'Name'}\``);
}

function refuseNoObject(context: Context, name: TypeScript.Identifier, schema: Schema): void {
  const message = `A kind must be an object, but \`${name.text}\` is ${describeSchema(schema)}`;
  refuse(context, name, 'OG1002', message, 'write `CustomResource<Spec, Status>`');
}

/** `+kubebuilder:object:root=true` stands on the lists of kinds too where Go needs both. */
function isList(name: string, { fields }: ObjectSchema): boolean {
  const [items, ...others] = fields;
  if (!name.endsWith('List') || items?.name !== 'items' || others.length > 0) return false;
  const element = items.schema.kind === 'array' ? items.schema.items : undefined;
  return element?.kind === 'object' && element.fields.some((field) => field.name === 'metadata');
}

function refuseList(context: Context, name: TypeScript.Identifier): undefined {
  const message = `A kind must be one object, but \`${name.text}\` is a list`;
  refuse(context, name, 'OG1002', message, `remove \`${name.text}\`: the API server makes the list of each kind`);
}

/** A kind inside of a namespace has no name that generated code could import. */
function refuseNested(context: Context, file: TypeScript.SourceFile): void {
  const { ts } = context.sources;
  const visit = (node: TypeScript.Node): void => {
    if (ts.isModuleDeclaration(node) || ts.isModuleBlock(node)) ts.forEachChild(node, visit);
    if (!isKindNode(context, node) || !node.name || node.typeParameters) return;
    if (!extendsResource(context, node) && !isMarked(context, node)) return;
    const message = `A kind must stand at the top level of its file, but \`${node.name.text}\` stands in a namespace`;
    refuse(context, node.name, 'OG1009', message, 'move it out of the namespace');
  };
  for (const node of file.statements) if (ts.isModuleDeclaration(node)) visit(node);
}

/** A type that only extends another kind is none, so that programs may extend the types of their kinds. */
function extendsResource(context: Context, node: KindNode, seen: ReadonlySet<TypeScript.Node> = new Set()): boolean {
  return baseNames(context, node).some((name) => {
    const symbol = resolveSymbol(context, name);
    if (!symbol) return isUnresolvedResource(context, name);
    if (isApiType(context, symbol, 'CustomResource')) return true;
    return symbol.declarations!.some(
      (each) =>
        isKindNode(context, each) &&
        each.typeParameters !== undefined &&
        !seen.has(each) &&
        extendsResource(context, each, new Set([...seen, each])),
    );
  });
}

/** Without an import, `CustomResource` is a kind all the same: reading it says what is missing. */
const isUnresolvedResource = ({ sources: { ts } }: Context, name: TypeScript.Node): boolean =>
  ts.isIdentifier(name) && name.text === 'CustomResource';

/** The names of what an interface or class extends, or of an alias and the parts of its intersection. */
function baseNames({ sources: { ts } }: Context, node: KindNode): readonly TypeScript.Node[] {
  if (!ts.isTypeAliasDeclaration(node)) {
    return (node.heritageClauses ?? []).flatMap((clause) => clause.types.map((type) => type.expression));
  }
  const names = (type: TypeScript.TypeNode): readonly TypeScript.Node[] => {
    if (ts.isParenthesizedTypeNode(type)) return names(type.type);
    if (ts.isIntersectionTypeNode(type)) return type.types.flatMap(names);
    if (ts.isTypeReferenceNode(type)) return [type.typeName];
    return ts.isImportTypeNode(type) && type.qualifier ? [type.qualifier] : [];
  };
  return names(node.type);
}

const metadataNames: readonly string[] = ['apiVersion', 'kind', 'metadata'];

/** The schema of the whole object without what every object has; of its metadata, the limits on names. */
function rootSchema(context: Context, node: KindNode, name: TypeScript.Identifier): Schema {
  context.size.left = nodeLimit;
  const scope = topScope(name.text);
  const schema = context.sources.ts.isTypeAliasDeclaration(node)
    ? typeSchema(context, node.type, scope)
    : declarationSchema(context, context.sources.checker.getSymbolAtLocation(name)!, scope);
  if (schema.kind !== 'object') return schema;
  for (const field of schema.fields.filter((each) => metadataNames.includes(each.name))) {
    for (const marker of field.markers.list) {
      const message = `\`${marker.spelled ?? `+${marker.def.name}`}\` has no effect on \`${field.name}\`, but every object has it as it is`;
      context.diagnostics.push({ code: 'OG2004', severity: 'error', at: marker.at, message, hint: 'remove it' });
    }
  }
  const metadata = schema.fields.filter((each) => each.name === 'metadata');
  const limits = metadata.flatMap((each) => metadataField(context, each) ?? []);
  return { ...schema, fields: [...limits, ...schema.fields.filter((each) => !metadataNames.includes(each.name))] };
}
