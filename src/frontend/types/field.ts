import type { Diagnostic } from '../../diagnostics.js';
import { type Marker, type MarkerDef, markerSet } from '../../ir/marker.js';
import type { Field, Schema } from '../../ir/schema.js';
import { applyMarkers } from '../../markers/apply.js';
import { k8sRequired, optional, required } from '../../markers/defs/docs.js';
import { json, preserveUnknownFields, recursionDepth, schemaless } from '../../markers/defs/shape.js';
import type { TypeScript } from '../load.js';
import { memberType } from './closed.js';
import { checkExpansion, expand } from './expansion.js';
import { typeSchema } from './index.js';
import { type Context, partScope, refuse, type Scope } from './scope.js';
import { includesUndefined } from './union.js';

// biome-ignore lint/suspicious/noExplicitAny: definitions of any value
type AnyDef = MarkerDef<any>;

export const findMarker = (markers: readonly Marker[], ...defs: readonly AnyDef[]): Marker | undefined =>
  markers.find((marker) => !marker.path && defs.some((def) => def.name === marker.def.name));

type PropertyNode = TypeScript.PropertySignature | TypeScript.PropertyDeclaration;

export function memberField(context: Context, member: TypeScript.Node, scope: Scope): Field | undefined {
  const { ts } = context.sources;
  if (!isAskedFor(context, member, scope)) return undefined;
  if (ts.isPropertySignature(member) || ts.isPropertyDeclaration(member)) {
    if (isNeverSet(context, member)) return undefined;
    const flags = ts.getCombinedModifierFlags(member);
    if (ts.isPrivateIdentifier(member.name)) {
      refuseHidden(context, member);
      return undefined;
    }
    if (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) refuseHidden(context, member);
    return propertyField(context, member, scope);
  }
  if (ts.isConstructorDeclaration(member)) {
    for (const parameter of member.parameters.filter((each) => each.modifiers)) refuseHidden(context, parameter);
  }
  const isMethod = ts.isMethodSignature(member) || ts.isMethodDeclaration(member) || ts.isAccessor(member);
  if (isMethod || ts.isCallSignatureDeclaration(member) || ts.isConstructSignatureDeclaration(member)) {
    const name = member.name?.getText() ?? scope.subject;
    const fact = ts.isAccessor(member) ? 'an accessor' : 'a function';
    const message = `A property of an API must be data, but \`${name}\` is ${fact}`;
    refuse(context, member, 'OG1002', message, 'remove it, or declare the data that it stands for');
  }
  return undefined;
}

/** Static members are none of the object's, and of some types only a part is asked for. */
function isAskedFor({ sources: { ts } }: Context, member: TypeScript.Node, { wanted }: Scope): boolean {
  if (!ts.isTypeElement(member) && !ts.isClassElement(member)) return true;
  const isStatic = (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0;
  const { name } = member;
  const isNamed =
    name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name));
  return !isStatic && (!wanted || !isNamed || wanted.has(name.text));
}

/** Private members are none of the API, members that a constructor declares have no place for their markers. */
function refuseHidden(context: Context, member: PropertyNode | TypeScript.ParameterDeclaration): void {
  const message = `A property of an API must be a public member, but \`${member.name.getText()}\` is not`;
  refuse(context, member, 'OG1002', message, 'declare it as `name: Type`, or remove it');
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
  const inner = partScope(scope, name, memberType(context, scope, name));
  const depth = findMarker(markers, recursionDepth);
  const expanded = depth ? expand(member, depth.value as number, inner) : inner;
  if (!expanded) return undefined;
  const read = markedTypeSchema(context, member.type, markers, expanded);
  const base: Schema = { ...read, at: context.sources.position(member.name) };
  const described = description === undefined ? base : { ...base, description };
  const applied = applyMarkers(described, markers, name);
  context.diagnostics.push(...applied.diagnostics);
  const declared = !(
    mayBeAbsent ??
    (member.questionToken !== undefined || includesUndefined(context, member.type, scope))
  );
  const isRequired = requiredByMarker(context, markers, name, declared);
  if (depth) checkExpansion(context, depth, { name, required: isRequired, refused: read.refused }, expanded);
  return { name, required: isRequired, schema: applied.value, markers: markerSet(markers) };
}

/** `other?: never`, as variants of a union declare that a member of another variant is not theirs. */
function isNeverSet({ sources: { ts } }: Context, member: PropertyNode): boolean {
  const kind = member.type?.kind;
  return (
    member.questionToken !== undefined &&
    (kind === ts.SyntaxKind.NeverKeyword || kind === ts.SyntaxKind.UndefinedKeyword)
  );
}

/** The schema of a type with these markers. Those that say "any JSON" cut the walk, so that they work on types that have no schema. */
export function markedTypeSchema(
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
  const isEmpty = ts.isTypeLiteralNode(node) && node.members.length === 0;
  if (preserves && (isEmpty || node.kind === ts.SyntaxKind.ObjectKeyword)) return { kind: 'object', fields: [], at };
  return typeSchema(context, node, scope);
}

function propertyName({ sources: { ts } }: Context, member: PropertyNode): string | undefined {
  const { name } = member;
  return ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name) ? name.text : undefined;
}

/** Optional wins over required, as in controller-gen; a marker that contradicts the `?` wins with a warning. */
function requiredByMarker(context: Context, markers: readonly Marker[], name: string, declared: boolean): boolean {
  const optionalMarker = findMarker(markers, optional);
  const marker = optionalMarker ?? findMarker(markers, required, k8sRequired);
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
