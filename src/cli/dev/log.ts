type Fields = Readonly<Record<string, unknown>>;

const inks = { error: 31, debug: 2, info: 36, dim: 2 } as const;

/**
 * A line of an operator's log for people: time of day, level, message, controller and object, error, other fields as
 * `name=value`, then the stack. What is no line of such a log is left as it is.
 */
export function readableLog(line: string, colour: boolean): string {
  const entry = parse(line);
  if (!entry) return line;
  const paint = (text: string, ink: keyof typeof inks): string =>
    colour && text !== '' ? `\x1b[${inks[ink]}m${text}\x1b[0m` : text;
  const { time, level, message, error, stack, ...rest } = entry;
  const { subject, others } = subjectOf(rest);
  const mark = Object.hasOwn(inks, String(level)) ? (level as keyof typeof inks) : 'dim';
  const head = [
    paint(timeOfDay(time), 'dim'),
    paint(String(level ?? '').padEnd(5), mark),
    indented(String(message)),
    paint(subject, 'dim'),
    error === undefined ? '' : paint(indented(textOf(error)), 'error'),
    paint(others, 'dim'),
  ];
  return [head.filter((part) => part !== '').join('  '), ...callsOf(stack).map((call) => paint(call, 'dim'))].join(
    '\n',
  );
}

function parse(line: string): Fields | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry: unknown = JSON.parse(line);
    const isEntry = typeof entry === 'object' && entry !== null && 'message' in entry && 'level' in entry;
    return isEntry ? (entry as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** `16:03:01` in the time zone of the reader. */
function timeOfDay(time: unknown): string {
  const date = new Date(String(time));
  return Number.isNaN(date.getTime()) ? '' : date.toTimeString().slice(0, 8);
}

/** `memcached default/sample`, and the fields that say more than that. */
function subjectOf(fields: Fields): { subject: string; others: string } {
  const { controller, namespace, name, controllerGroup, controllerKind, reconcileID, ...more } = fields;
  const object = [namespace, name].filter((part) => typeof part === 'string' && part !== '').join('/');
  const subject = [controller, object].filter((part) => typeof part === 'string' && part !== '').join(' ');
  const others = Object.entries(more)
    .filter(([field]) => field !== controllerKind)
    .map(
      ([field, value]) =>
        `${field}=${/^[^\s"\x00-\x1f]+$/.test(textOf(value)) ? textOf(value) : JSON.stringify(value)}`,
    );
  return { subject: visible(subject), others: visible(others.join(' ')) };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** The calls of a stack; its message stands in the line above already. */
function callsOf(stack: unknown): readonly string[] {
  if (typeof stack !== 'string') return [];
  const calls = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return calls.map((line) => `    ${visible(line.trim())}`);
}

const indented = (text: string): string => text.split(/\r?\n/).map(visible).join('\n    ');

/** Control characters of a log could rewrite the terminal. */
const visible = (text: string): string =>
  text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
