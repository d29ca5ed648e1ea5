import type { Code, Diagnostic } from '../../diagnostics.js';
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
  /** Declarations from the kind down to here: a repetition is a recursive type. */
  readonly stack: readonly TypeScript.Symbol[];
}

export const topScope = (subject: string): Scope => ({ subject, typeArguments: new Map(), stack: [] });

/** Reports a mistake at a node and gives a schema to go on with; the run has failed, so nobody sees it. */
export function refuse(context: Context, node: TypeScript.Node, code: Code, message: string, hint: string): Schema {
  const at = context.sources.position(node);
  context.diagnostics.push({ code, severity: 'error', at, message, hint });
  return { kind: 'any', preserveUnknown: true, at };
}

/** A piece of source that fits into a message. */
export const shorten = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
};
