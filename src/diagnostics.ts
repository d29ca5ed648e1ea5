/** Lines and columns count from 1; `file` is relative to the project, with forward slashes. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Code = `OG${number}`;

/**
 * A mistake of the user: collected and returned. `message` follows the grammar "<subject> <rule>, but <fact>" with names of
 * the user's source in backticks; `hint` is something to type.
 */
export interface Diagnostic {
  /** OGnnnn, stable, listed in `codes`. */
  readonly code: Code;
  /** The id of a rule of the API server (N1, ST4, …): printed in brackets. */
  readonly rule?: string;
  /** The place in a CRD by the path that the API server prints. */
  readonly serverPath?: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly at?: Position;
  readonly hint?: string;
  /** Unified diff or another block that is printed below the message. */
  readonly detail?: string;
}

/** A value with what was found wrong on the way to it. With an error among the diagnostics, the value is best effort. */
export interface Checked<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Thrown only at the edges that do I/O (reading and writing files, starting programs), where a function has no value to return;
 * `cli/main.ts` prints its diagnostics. Everything else returns diagnostics.
 */
export class Refusal extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(...diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((each) => each.message).join('\n'));
    this.name = 'Refusal';
    this.diagnostics = diagnostics;
  }
}

/** A bug in opgen: exit 3 and how to report it. */
export class InternalError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InternalError';
  }
}

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some((each) => each.severity === 'error');

/** Orders by file, line and column; diagnostics without a position come first, in their own order. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => comparePositions(a.at, b.at));
}

function comparePositions(a: Position | undefined, b: Position | undefined): number {
  if (!a || !b) return Number(a !== undefined) - Number(b !== undefined);
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

/**
 * Every code that opgen prints. `exit` is the exit code of a run whose errors have this code: 1 for findings in sources and drift,
 * 2 for usage, names, PROJECT and files that cannot be read or written.
 */
export const codes = {
  // Sources: TypeScript → API
  OG1001: { exit: 1, title: 'The source does not parse' },
  OG1002: { exit: 1, title: 'A type has no counterpart in a CRD schema' },
  OG1003: { exit: 1, title: 'A kind has no API group' },
  OG1004: { exit: 1, title: 'A name cannot be resolved' },
  OG1005: { exit: 1, title: 'A recursive type has no finite schema' },
  OG1006: { exit: 1, title: 'A kind is declared twice' },
  OG1007: { exit: 1, title: 'Files of one directory disagree about group or version' },
  OG1008: { exit: 1, title: 'No kind was found' },
  OG1009: { exit: 1, title: 'A kind is not exported' },
  OG1010: { exit: 1, title: 'A kind of PROJECT is declared by no source, or otherwise than PROJECT says' },
  OG1011: { exit: 1, title: 'A marker contradicts the optionality of its property' },
  // Markers
  OG2001: { exit: 1, title: 'A marker is unknown' },
  OG2002: { exit: 1, title: 'The arguments of a marker do not parse' },
  OG2003: { exit: 1, title: 'A marker does not fit the type that it stands on' },
  OG2004: { exit: 1, title: 'A marker stands in the wrong place' },
  OG2005: { exit: 1, title: 'Two markers contradict each other' },
  OG2006: { exit: 1, title: 'A marker is known, and nothing can be generated from it' },
  // What the API server would refuse
  OG3001: { exit: 1, title: 'A key or value is not one of a CRD' },
  OG3002: { exit: 1, title: 'Metadata, group or names of a CRD are refused' },
  OG3003: { exit: 1, title: 'Versions, subresources or columns of a CRD are refused' },
  OG3004: { exit: 1, title: 'A schema keyword is refused' },
  OG3005: { exit: 1, title: 'A schema is not structural' },
  OG3006: { exit: 1, title: 'A list or map type is refused' },
  OG3007: { exit: 1, title: 'A default is refused' },
  OG3008: { exit: 1, title: 'The text of a CEL rule is refused' },
  OG3009: { exit: 1, title: 'An RBAC rule is refused' },
  OG3010: { exit: 1, title: 'A CRD is accepted, but does not do what it says' },
  OG3011: { exit: 1, title: 'A webhook configuration is refused' },
  OG3101: { exit: 1, title: 'A sample does not match its schema' },
  OG3102: { exit: 1, title: 'A sample needs a value that only its author knows' },
  // Files
  OG4001: { exit: 1, title: 'A generated file was edited by hand' },
  OG4002: { exit: 1, title: 'A generated file is out of date' },
  OG4003: { exit: 1, title: 'A generated file is missing' },
  OG4004: { exit: 1, title: 'A generated file has no source any more' },
  OG4005: { exit: 2, title: 'A path is not safe to write' },
  OG4006: { exit: 2, title: 'A file cannot be read or written' },
  OG4007: { exit: 2, title: 'Another opgen is at work' },
  OG4008: { exit: 2, title: 'An anchor for an edit is missing' },
  OG4009: { exit: 2, title: 'A file exists already' },
  OG4010: { exit: 1, title: 'The project was generated by another version of opgen' },
  OG4011: { exit: 2, title: 'The manifest cannot be read' },
  OG4012: { exit: 2, title: 'A file changed while opgen was running' },
  OG4013: { exit: 1, title: 'A kustomization lists a file that does not exist' },
  // Command line and PROJECT
  OG5001: { exit: 2, title: 'The command line is not understood' },
  OG5002: { exit: 2, title: 'The folder is not an opgen project' },
  OG5003: { exit: 2, title: 'The folder is not empty' },
  OG5004: { exit: 2, title: 'A name is not valid' },
  OG5005: { exit: 2, title: 'The API exists already' },
  OG5006: { exit: 2, title: 'A second group needs multigroup' },
  OG5007: { exit: 2, title: 'A flag is missing' },
  OG5008: { exit: 2, title: 'PROJECT is not valid' },
  OG5009: { exit: 2, title: 'A program that opgen started has failed' },
  OG5010: { exit: 2, title: 'No cluster can be found' },
  OG5011: { exit: 2, title: 'The project lacks what an operator is built from' },
  OG5012: { exit: 2, title: 'A controller exists already, or its name is taken' },
  OG5013: { exit: 2, title: 'A kind is not known' },
} as const satisfies Record<Code, { exit: 1 | 2; title: string }>;
