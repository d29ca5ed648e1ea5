import { relative, sep } from 'node:path';
import type { ExitCode, Outcome } from '../command.js';

/** The report of every command in `--format json`, described by docs/report.schema.json; `version` changes when a consumer would have to. */
export function toJson(command: string, outcome: Outcome, exitCode: ExitCode, cwd: string): object {
  const changes = outcome.changes ?? [];
  return {
    version: 1,
    command,
    exitCode,
    ...(outcome.root === undefined ? {} : { root: relative(cwd, outcome.root).split(sep).join('/') || '.' }),
    dryRun: outcome.dryRun ?? false,
    diagnostics: outcome.diagnostics,
    changes: changes.map(({ path, action, owner, source }) => ({ path, action, owner, source })),
    ...(outcome.output === undefined ? {} : { output: outcome.output }),
    ...(outcome.summary === undefined ? {} : { summary: outcome.summary }),
    next: outcome.next ?? [],
  };
}
