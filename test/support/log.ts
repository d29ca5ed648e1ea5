import { createLogger, type Logger } from '../../src/runtime/log.js';

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** A logger that keeps its lines, of every level. */
export function recordingLogger(): { log: Logger; lines: LogLine[]; messages(level?: string): string[] } {
  const lines: LogLine[] = [];
  const log = createLogger({ level: 'debug', write: (line) => void lines.push(JSON.parse(line) as LogLine) });
  const messages = (level?: string): string[] =>
    lines.filter((line) => level === undefined || line.level === level).map(({ message }) => message);
  return { log, lines, messages };
}
