/** Messages are constant; what varies stands in the fields. */
export interface Logger {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  error(error: unknown, message: string, fields?: object): void;
  /** The same logger with fields for every line. */
  with(fields: object): Logger;
}

/** From the most lines to the fewest. */
export type LogLevel = 'debug' | 'info' | 'error';

/** Which lines are written, and where to. */
export interface LogOptions {
  /** Lines below it are dropped. Default `info`. */
  level?: LogLevel;
  /** Gets each line with its line break. Default: the standard error of the process. */
  write?(line: string): void;
}

const order: readonly LogLevel[] = ['debug', 'info', 'error'];

/**
 * One JSON object a line: `time`, `level`, `message`, then the fields. Kubernetes objects among the fields are cut to apiVersion, kind,
 * namespace and name. Logging never throws.
 */
export function createLogger(options: LogOptions = {}): Logger {
  const { level = 'info', write = (line) => process.stderr.write(line) } = options;
  const least = order.indexOf(level);
  if (least < 0) throw new TypeError(`The level of a logger must be ${order.join(', ')}, but is \`${level}\``);
  const log: Log = (at, message, ...fields) => {
    if (order.indexOf(at) < least) return;
    const head = { time: new Date().toISOString(), level: at, message };
    try {
      write(`${lineWith(head, fields)}\n`);
    } catch {
      // There is no other place to say that a line cannot be written.
    }
  };
  return withFields([], log);
}

/** Later fields come before earlier ones. */
type Log = (level: LogLevel, message: string, ...fields: readonly (object | undefined)[]) => void;

/** Fields are read only when a line is written: a getter may throw. */
function withFields(own: readonly object[], log: Log): Logger {
  return {
    debug: (message, fields) => log('debug', message, ...own, fields),
    info: (message, fields) => log('info', message, ...own, fields),
    error: (error, message, fields) => log('error', message, ...own, fields, described(error)),
    with: (fields) => withFields([...own, fields], log),
  };
}

/** A field that cannot be written does not take the others with it. */
function lineWith(head: object, fields: readonly (object | undefined)[]): string {
  const members = new Map<string, string>();
  const put = (name: string, read: () => unknown): void => {
    const text = textIn(read);
    if (text !== undefined) members.set(name, text);
  };
  for (const [name, value] of Object.entries(head)) put(name, () => value);
  for (const each of fields)
    for (const name of Object.keys(each ?? {}))
      if (!Object.hasOwn(head, name)) put(name, () => (each as Record<string, unknown>)[name]);
  return `{${[...members].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
}

/** In place of what is no JSON: a circle, or what throws when it is read. */
const unwritable = '[cannot be written]';

function textIn(read: () => unknown): string | undefined {
  try {
    return JSON.stringify(read(), shortened);
  } catch {
    return JSON.stringify(unwritable);
  }
}

/** The same logger, but that it never throws: who says that something fails must not fail by it. What it rejects with is dropped too. */
export function containedLogger(log: Logger): Logger {
  const contained = (call: () => unknown): void => {
    try {
      const result = call();
      if (result instanceof Promise) result.catch(() => {});
    } catch {
      // A logger of the user's that fails has no other place to say so.
    }
  };
  return {
    debug: (message, fields) => contained(() => log.debug(message, fields)),
    info: (message, fields) => contained(() => log.info(message, fields)),
    error: (error, message, fields) => contained(() => log.error(error, message, fields)),
    with(fields) {
      let own = log;
      contained(() => {
        own = log.with(fields);
      });
      return containedLogger(own);
    },
  };
}

/** Writes nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, error() {}, with: () => silentLogger };

/** The message with those of its causes; the stack where there is one, as it points into the user's code. */
function described(error: unknown): object {
  try {
    return readable(error);
  } catch {
    return { error: 'an error that cannot be read' };
  }
}

function readable(error: unknown): object {
  if (!(error instanceof Error)) return { error: typeof error === 'string' ? error : lineOf(error) };
  return { error: messageOf(error), ...(needsStack(error) && { stack: error.stack }) };
}

/** What the API server says, and mistakes of the user, are complete without a stack. */
const needsStack = (error: Error): boolean => !/^(ApiError|ConfigError|TerminalError)$/.test(error.name);

/** `message: cause: cause of the cause`; a cause that the message contains is not repeated. At most ten causes. */
export function messageOf(error: unknown, depth = 10): string {
  if (!(error instanceof Error)) return typeof error === 'object' ? lineOf(error) : String(error);
  const message = textOf(error.message) || ('code' in error ? String(error.code) : textOf(error.name));
  const cause = error.cause === undefined || depth === 0 ? '' : messageOf(error.cause, depth - 1);
  return message.includes(cause) ? message : `${message}: ${cause}`;
}

/** Nothing keeps a program from giving an error a message that is no text. */
const textOf = (member: unknown): string => (typeof member === 'string' ? member : lineOf(member));

function lineOf(value: unknown): string {
  try {
    return JSON.stringify(value, shortened) ?? String(value);
  } catch {
    return unwritable;
  }
}

function shortened(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Error) return messageOf(value);
  if (typeof value !== 'object' || value === null || !('metadata' in value) || !('kind' in value)) return value;
  const { apiVersion, kind, metadata } = value as {
    apiVersion?: string;
    kind?: string;
    metadata?: Record<string, unknown>;
  };
  return { apiVersion, kind, namespace: metadata?.namespace, name: metadata?.name };
}
