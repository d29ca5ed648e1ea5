import type { Position } from '../diagnostics.js';
import type { Marker } from '../ir/marker.js';
import { markerSet } from '../ir/marker.js';
import type { Field, ObjectSchema, Schema } from '../ir/schema.js';
import { applyMarkers } from '../markers/apply.js';
import { objectRoot } from '../markers/defs/package.js';
import type { Sources, TypeScript } from './load.js';
import { typeSchema } from './types/index.js';

import { declarationSchema } from './types/object.js';
import { isApiType, resolveSymbol } from './types/reference.js';
import { type Context, topScope } from './types/scope.js';

/** A kind as declared, before its file says group and version. */
export interface DeclaredKind {
  readonly name: string;
  readonly schema: ObjectSchema;
  readonly markers: readonly Marker[];
  readonly at: Position;
}

type KindNode = TypeScript.InterfaceDeclaration | TypeScript.TypeAliasDeclaration | TypeScript.ClassDeclaration;

/** The kinds that a file declares: what extends or is `CustomResource`, or is marked as a root. */
export function kindsOf(context: Context, file: TypeScript.SourceFile): readonly DeclaredKind[] {
  const { ts } = context.sources;
  return file.statements
    .filter(
      (node): node is KindNode =>
        ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isClassDeclaration(node),
    )
    .flatMap((node) => readKind(context, node) ?? []);
}

/** Whether a text can declare a kind at all: a file without these words is only searched for markers. */
export const mayDeclareKind = (text: string): boolean => /\bCustomResource\b|object:root|@kind\b/.test(text);

function readKind(context: Context, node: KindNode): DeclaredKind | undefined {
  if (!node.name) return undefined;
  const base = customResource(context, node);
  const mayBeMarked = /object:root|@kind\b/.test(node.getFullText());
  const docs = base || mayBeMarked ? context.docs.of(node, 'kind') : undefined;
  const isRoot = docs?.markers.some((marker) => marker.def.name === objectRoot.name && marker.value !== false);
  if (!docs || (!base && !isRoot)) return undefined;
  if (!isExported(context.sources, node)) return refuseHidden(context, node);
  const fields = base
    ? [...resourceFields(context, base), ...ownFields(context, node, base)]
    : rootFields(context, node);
  const at = context.sources.position(node.name);
  const description = docs.description === undefined ? {} : { description: docs.description };
  const applied = applyMarkers({ kind: 'object', fields, at, ...description }, docs.markers, node.name.text);
  context.diagnostics.push(...applied.diagnostics);
  return { name: node.name.text, schema: applied.value as ObjectSchema, markers: docs.markers, at };
}

function isExported({ ts }: Sources, node: KindNode): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0;
}

function refuseHidden(context: Context, node: KindNode): undefined {
  const name = node.name!.text;
  context.diagnostics.push({
    code: 'OG1009',
    severity: 'error',
    at: context.sources.position(node.name!),
    message: `A kind must be exported, but \`${name}\` is not`,
    hint: `write \`export ${context.sources.ts.isInterfaceDeclaration(node) ? 'interface' : 'type'} ${name}\``,
  });
}

interface Base {
  readonly node: TypeScript.Node;
  readonly spec: TypeScript.TypeNode | undefined;
  readonly status: TypeScript.TypeNode | undefined;
}

/** `CustomResource<Spec, Status>` among what an interface or class extends, or in an alias and its intersections. */
function customResource(context: Context, node: KindNode): Base | undefined {
  const { ts } = context.sources;
  if (ts.isTypeAliasDeclaration(node)) {
    const parts = ts.isIntersectionTypeNode(node.type) ? node.type.types : [node.type];
    const found = parts.find((part) => ts.isTypeReferenceNode(part) && isCustomResource(context, part.typeName));
    return found && ts.isTypeReferenceNode(found) ? toBase(found, found.typeArguments) : undefined;
  }
  const types = (node.heritageClauses ?? []).flatMap((clause) => [...clause.types]);
  const found = types.find((type) => isCustomResource(context, type.expression));
  return found && toBase(found, found.typeArguments);
}

const toBase = (node: TypeScript.Node, typeArguments: readonly TypeScript.TypeNode[] | undefined): Base => ({
  node,
  spec: typeArguments?.[0],
  status: typeArguments?.[1],
});

function isCustomResource(context: Context, name: TypeScript.Node): boolean {
  return isApiType(context, resolveSymbol(context, name), 'CustomResource');
}

function resourceFields(context: Context, base: Base): readonly Field[] {
  const { ts } = context.sources;
  if (!base.spec) {
    const at = context.sources.position(base.node);
    const message = '`CustomResource` needs the type of the spec, but it has no type arguments';
    context.diagnostics.push({
      code: 'OG1002',
      severity: 'error',
      at,
      message,
      hint: 'write `CustomResource<Spec, Status>`',
    });
    return [];
  }
  const spec = field(context, 'spec', true, base.spec);
  const hasStatus = base.status && base.status.kind !== ts.SyntaxKind.NeverKeyword;
  return hasStatus ? [spec, field(context, 'status', false, base.status)] : [spec];
}

function field(context: Context, name: string, required: boolean, node: TypeScript.TypeNode): Field {
  return { name, required, schema: typeSchema(context, node, topScope(name)), markers: markerSet([]) };
}

/** What a kind declares beside spec and status: members of its own body, of further bases and parts. */
function ownFields(context: Context, node: KindNode, base: Base): readonly Field[] {
  const { ts } = context.sources;
  if (ts.isTypeAliasDeclaration(node)) {
    const parts = ts.isIntersectionTypeNode(node.type) ? node.type.types.filter((part) => part !== base.node) : [];
    return parts.flatMap((part) => objectFields(typeSchema(context, part, topScope(node.name.text))));
  }
  if (node.members.length === 0) return [];
  return rootFields(context, node);
}

function rootFields(context: Context, node: KindNode): readonly Field[] {
  const { ts, checker } = context.sources;
  const scope = topScope(node.name!.text);
  if (ts.isTypeAliasDeclaration(node)) return objectFields(typeSchema(context, node.type, scope));
  return objectFields(declarationSchema(context, checker.getSymbolAtLocation(node.name!)!, scope));
}

const objectFields = (schema: Schema): readonly Field[] =>
  schema.kind === 'object'
    ? schema.fields.filter((each) => !['apiVersion', 'kind', 'metadata'].includes(each.name))
    : [];
