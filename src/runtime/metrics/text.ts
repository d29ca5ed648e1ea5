/** The media type of the text format of Prometheus. */
export const textFormat = 'text/plain; version=0.0.4; charset=utf-8';

/** One line of a metric, without its name's prefix: `{ suffix: '_count', labels: [['controller', 'a']], value: 1 }`. */
export interface Sample {
  readonly suffix?: string;
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
}

export interface FamilyText {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly Sample[];
}

/** A metric in the text format, with a line break at its end; nothing for one without samples. */
export function familyText({ name, help, type, samples }: FamilyText): string {
  if (samples.length === 0) return '';
  const head = `# HELP ${name} ${help.replace(/[\\\n]/g, escaped)}\n# TYPE ${name} ${type}\n`;
  return head + samples.map((sample) => sampleText(name, sample)).join('');
}

function sampleText(name: string, { suffix = '', labels, value }: Sample): string {
  const pairs = labels.map(([label, text]) => `${label}="${text.replace(/[\\\n"]/g, escaped)}"`);
  return `${name}${suffix}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${numberText(value)}\n`;
}

const escaped = (character: string): string => (character === '\n' ? '\\n' : `\\${character}`);

/** As Go writes it: `1e-05`, `+Inf`. The bounds of histograms are labels, so their texts have to be the same. */
export function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  const isSmall = value !== 0 && Math.abs(value) < 1e-4;
  return (isSmall ? value.toExponential() : String(value)).replace(/e([-+])(\d)$/, 'e$10$2');
}
