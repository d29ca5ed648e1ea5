import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package.js';

/** A kind that every API server has; `group` is empty for the core group. */
export interface BuiltinKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

let kinds: readonly BuiltinKind[] | undefined;

/** All built-in kinds, sorted by group, version and kind. Made at build time by `scripts/k8s`; read on the first call. */
export function builtinKinds(): readonly BuiltinKind[] {
  kinds ??= JSON.parse(readFileSync(join(packageRoot, 'dist/k8s/kinds.json'), 'utf8')) as readonly BuiltinKind[];
  return kinds;
}

/** Whether objects of the kind are kept and can be watched. The others are questions to the API server, or another view of something. */
export const isWatchable = ({ kind }: BuiltinKind): boolean => !/Review$|^Binding$|^ComponentStatus$/.test(kind);
