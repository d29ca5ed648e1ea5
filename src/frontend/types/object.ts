import type { Diagnostic } from '../../diagnostics.js';
import { type Marker, type MarkerDef, markerSet } from '../../ir/marker.js';
import type { CelRule, Field, Schema } from '../../ir/schema.js';
import { applyMarkers } from '../../markers/apply.js';
import { optional, required } from '../../markers/defs/docs.js';
import { immutable, immutableOnceSet } from '../../markers/defs/rules.js';
import { json, preserveUnknownFields, schemaless } from '../../markers/defs/shape.js';
import type { TypeScript } from '../load.js';
import { computedSchema } from './computed.js';
import { typeSchema } from './index.js';
import { namedSchema, resolveSymbol } from './reference.js';
import { type Context, refuse, type Scope } from './scope.js';
import { includesUndefined } from './union.js';
import { utilitySchema } from './utility.js';

type Members = readonly TypeScript.Node[];

export function literalObjectSchema(context: Context, node: TypeScript.TypeLiteralNode, scope: Scope): Schema {
  return membersSchema(context, node, node.members, [], scope);
}

/** An interface, with all its declarations, or a class; what it extends comes first, nearer declarations win. */
export function declarationSchema(context: Context, symbol: TypeScript.Symbol, scope: Scope): Schema {
  const { ts } = context.sources;
  const declarations = symbol.declarations!.filter(
    (each) => ts.isInterfaceDeclaration(each) || ts.isClassDeclaration(each),
  );
  const inherited = declarations.flatMap((each) => inheritedFields(context, each, scope));
  const members = declarations.flatMap((each): Members => each.members);
  return membersSchema(context, declarations[0]!, members, inherited, scope);
}

/** The fields of all parts in one object. */
export function intersectionSchema(context: Context, node: TypeScript.IntersectionTypeNode, scope: Scope): Schema {
  const parts = node.types.map((each) => typeSchema(context, each, scope));
  const at = context.sources.position(node);
  if (!parts.every((part) => part.kind === 'object')) {
    return computedSchema(context, context.sources.checker.getTypeFromTypeNode(node), node, scope);
  }
  const rules = parts.flatMap((part) => part.rules ?? []);
  const fields = mergeFields(parts.flatMap((part) => part.fields));
  return rules.length > 0 ? { kind: 'object', fields, rules, at } : { kind: 'object', fields, at };
}

export function mapSchema(context: Context, node: TypeScript.Node, values: TypeScript.TypeNode, scope: Scope): Schema {
  return { kind: 'map', values: typeSchema(context, values, scope), at: context.sources.position(node) };
}

function inheritedFields(
  context: Context,
  declaration: TypeScript.InterfaceDeclaration | TypeScript.ClassDeclaration,
  scope: Scope,
): readonly Field[] {
  const { ts, checker } = context.sources;
  const clauses = declaration.heritageClauses ?? [];
  const bases = clauses
    .filter((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)
    .flatMap((clause) => [...clause.types]);
  return bases.flatMap((base) => {
    const symbol = resolveSymbol(context, base.expression);
    const isLibrary = symbol?.declarations && context.sources.moduleOf(symbol.declarations[0]!) === 'lib';
    const named =
      symbol && !isLibrary ? namedSchema(context, symbol, base.typeArguments ?? [], base, scope) : undefined;
    const schema = named ?? utilitySchema(context, symbol?.name ?? '', base.typeArguments ?? [], base, scope);
    const known = schema ?? computedSchema(context, checker.getTypeAtLocation(base), base, scope);
    return known.kind === 'object' ? known.fields : [];
  });
}

function membersSchema(
  context: Context,
  node: TypeScript.Node,
  members: Members,
  inherited: readonly Field[],
  scope: Scope,
): Schema {
  const { ts } = context.sources;
  const index = members.find((member) => ts.isIndexSignatureDeclaration(member)) as
    | TypeScript.IndexSignatureDeclaration
    | undefined;
  const own = members.flatMap((member) => memberField(context, member, scope) ?? []);
  const fields = mergeFields([...inherited, ...own]);
  if (!index) return withFieldRules({ kind: 'object', fields, at: context.sources.position(node) });
  if (fields.length === 0) return mapSchema(context, node, index.type, scope);
  const message = `\`${scope.subject}\` must be a map or an object, but it has both an index signature and named properties`;
  return refuse(
    context,
    index,
    'OG1002',
    message,
    'move the free entries into a property of their own: `extra?: Record<string, T>`',
  );
}

/** One field per name: the last declaration of a name wins, in the place of the first. */
function mergeFields(fields: readonly Field[]): readonly Field[] {
  const merged = new Map<string, Field>();
  for (const field of fields) merged.set(field.name, field);
  return [...merged.values()];
}

/** Rules that the fields put on their object: an immutable field that may be absent must not be removed. */
function withFieldRules(schema: Extract<Schema, { kind: 'object' }>): Schema {
  const rules: CelRule[] = schema.fields
    .filter((field) => !field.required && findMarker(field.markers.list, immutable))
    .map((field) => immutableOnceSet(field.name));
  return rules.length > 0 ? { ...schema, rules } : schema;
}

// biome-ignore lint/suspicious/noExplicitAny: definitions of any value
type AnyDef = MarkerDef<any>;

const findMarker = (markers: readonly Marker[], ...defs: readonly AnyDef[]): Marker | undefined =>
  markers.find((marker) => !marker.path && defs.some((def) => def.name === marker.def.name));

type PropertyNode = TypeScript.PropertySignature | TypeScript.PropertyDeclaration;

function memberField(context: Context, member: TypeScript.Node, scope: Scope): Field | undefined {
  const { ts } = context.sources;
  if (ts.isPropertySignature(member) || ts.isPropertyDeclaration(member)) {
    const isStatic = ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static;
    return isStatic ? undefined : propertyField(context, member, scope);
  }
  const isMethod = ts.isMethodSignature(member) || ts.isMethodDeclaration(member) || ts.isAccessor(member);
  if (isMethod || ts.isCallSignatureDeclaration(member) || ts.isConstructSignatureDeclaration(member)) {
    const name = member.name?.getText() ?? scope.subject;
    const message = `A property of an API must be data, but \`${name}\` is a function`;
    refuse(context, member, 'OG1002', message, 'remove it, or declare the data that it stands for');
  }
  return undefined;
}

/** A property as a field; `mayBeAbsent` overrides what its `?` says, for members of `Partial` and its kin. */
export function propertyField(
  context: Context,
  member: PropertyNode,
  scope: Scope,
  mayBeAbsent?: boolean,
): Field | undefined {
  const name = propertyName(context, member);
  if (name === undefined || !member.type) {
    const message = `A property of an API needs a literal name and a type, but \`${member.name.getText()}\` lacks one of them`;
    refuse(context, member, 'OG1002', message, 'write it as `name: Type`');
    return undefined;
  }
  const { markers, description } = context.docs.of(member, 'field');
  const base = {
    ...fieldTypeSchema(context, member.type, markers, { ...scope, subject: name }),
    at: context.sources.position(member.name),
  };
  const described = description === undefined ? base : { ...base, description };
  const applied = applyMarkers(described, markers, name);
  context.diagnostics.push(...applied.diagnostics);
  const declared = !(mayBeAbsent ?? (member.questionToken !== undefined || includesUndefined(context, member.type)));
  return {
    name,
    required: requiredByMarker(context, markers, name, declared),
    schema: applied.value,
    markers: markerSet(markers),
  };
}

/** Markers that say "any JSON" cut the walk, so that they work on types that have no schema. */
function fieldTypeSchema(
  context: Context,
  node: TypeScript.TypeNode,
  markers: readonly Marker[],
  scope: Scope,
): Schema {
  const { ts } = context.sources;
  const at = context.sources.position(node);
  if (findMarker(markers, schemaless, json)) return { kind: 'any', preserveUnknown: true, at };
  const preserves = findMarker(markers, preserveUnknownFields);
  if (preserves && (node.kind === ts.SyntaxKind.UnknownKeyword || node.kind === ts.SyntaxKind.AnyKeyword))
    return { kind: 'any', at };
  if (preserves && node.kind === ts.SyntaxKind.ObjectKeyword) return { kind: 'object', fields: [], at };
  return typeSchema(context, node, scope);
}

function propertyName({ sources: { ts } }: Context, member: PropertyNode): string | undefined {
  const { name } = member;
  return ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name) ? name.text : undefined;
}

/** Optional wins over required, as in controller-gen; a marker that contradicts the `?` wins with a warning. */
function requiredByMarker(context: Context, markers: readonly Marker[], name: string, declared: boolean): boolean {
  const optionalMarker = findMarker(markers, optional);
  const marker = optionalMarker ?? findMarker(markers, required);
  const result = marker ? !optionalMarker : declared;
  if (marker && result !== declared) context.diagnostics.push(contradiction(marker, name, declared));
  return result;
}

function contradiction(marker: Marker, name: string, declared: boolean): Diagnostic {
  return {
    code: 'OG1011',
    severity: 'warning',
    at: marker.at,
    message: `\`${name}\` is ${declared ? 'required' : 'optional'} in TypeScript, but \`${marker.spelled ?? `+${marker.def.name}`}\` says otherwise and wins`,
    hint: declared ? `write \`${name}?:\` and drop the marker` : `remove the \`?\` and drop the marker`,
  };
}
