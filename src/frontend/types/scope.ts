import type { Code, Diagnostic, Position } from '../../diagnostics.js';
import type { Schema } from '../../ir/schema.js';
import type { DocReader } from '../docs.js';
import type { Sources, TypeScript } from '../load.js';

/** What reading types needs, and where it leaves what it finds wrong. */
export interface Context {
  readonly sources: Sources;
  readonly docs: DocReader;
  readonly diagnostics: Diagnostic[];
  /** How many nodes the schema of the kind may still get. */
  readonly size: { left: number };
}

/** More than etcd can store; types that grow with each level get here. */
export const nodeLimit = 50_000;

/** Where in a walk over types we are. */
export interface Scope {
  /** The property or type that messages speak of. */
  readonly subject: string;
  /** Arguments of the generic declaration that is being read. */
  readonly typeArguments: ReadonlyMap<TypeScript.Symbol, { readonly node: TypeScript.TypeNode; readonly scope: Scope }>;
  /**
   * Declarations from the kind, or from the last property with `@recursionDepth`, down to here: a repetition is a recursive type. Where some members of
   * a type are asked for, the types around them may come again, and the node that asks stands for them.
   */
  readonly stack: readonly (TypeScript.Symbol | TypeScript.Node)[];
  /** Properties with `@recursionDepth` from the kind down to here, each as often as it is on the way. */
  readonly expanded: readonly Expansion[];
  /** The members of the type that are asked for, where others fall away. */
  readonly wanted?: Selection | undefined;
  /** What the checker makes of the type that is read, where type arguments have a part in it. */
  readonly type?: (() => TypeScript.Type | undefined) | undefined;
}

/** A property that is read within itself; `isReached` once it is left out. */
export interface Expansion {
  readonly member: TypeScript.Node;
  readonly state: { isReached: boolean };
}

/** Some members of a type: `has` says whether a member is among them. What stands on the whole type is missed at `node`. */
export interface Selection {
  readonly node?: TypeScript.Node;
  has(name: string): boolean;
}

export const topScope = (subject: string): Scope => ({ subject, typeArguments: new Map(), stack: [], expanded: [] });

/** The scope of a part of a type: a member, an element, a variant. */
export const partScope = (scope: Scope, subject = scope.subject, type?: Scope['type']): Scope => ({
  ...scope,
  subject,
  type,
  wanted: undefined,
});

/** The scope in which `node` reads some members of a type, which may stand around it; nothing, and a report, where they contain themselves. */
export function selectionScope(context: Context, node: TypeScript.Node, scope: Scope): Scope | undefined {
  if (scope.stack.includes(node)) {
    const message = `A CRD schema must be finite, but \`${shorten(node.getText())}\` contains itself`;
    refuse(context, node, 'OG1005', message, recursionHint);
    return undefined;
  }
  return { ...scope, stack: [...scope.stack.filter((each) => 'kind' in each), node] };
}

/** Reports a mistake at a node and gives a schema to go on with; the run has failed, so nobody sees it. */
export function refuse(context: Context, node: TypeScript.Node, code: Code, message: string, hint: string): Schema {
  const at = context.sources.position(node);
  context.diagnostics.push({ code, severity: 'error', at, message, hint });
  return refusedSchema(at);
}

/** Stands for a type that is reported already. */
export const refusedSchema = (at: Position): Schema => ({ kind: 'any', preserveUnknown: true, refused: true, at });

export const recursionHint =
  'add `@json` to the property that closes the circle: it then keeps any value; or make it optional and add `@recursionDepth 3`';

/** A piece of source that fits into a message. */
export const shorten = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
};
