import { ConfigError } from '../errors.js';
import type { MetricsSource } from './types.js';

/** Throws ConfigError for what is no source of metrics, or gives them in another format than the text format. */
export function checkSource(source: MetricsSource): void {
  if (typeof source?.metrics !== 'function') {
    throw new ConfigError(
      'The `registries` of `metrics` must be registries with a function `metrics`, such as the Registry of prom-client, but one is something else',
    );
  }
  if (source.contentType?.includes('openmetrics')) {
    throw new ConfigError(
      'A registry of `metrics` must give the text format of Prometheus, but one gives OpenMetrics. hint: registry.setContentType(Registry.PROMETHEUS_CONTENT_TYPE)',
    );
  }
}

/** The texts of several registries as one: a metric that two of them have is taken from the first, for Prometheus would refuse both. */
export function mergeTexts(texts: readonly string[]): string {
  const seen = new Set<string>();
  const merged = texts.map((text) => {
    const blocks = blocksOf(text).filter(([name]) => !seen.has(name));
    for (const [name] of blocks) seen.add(name);
    return blocks.map(([, lines]) => lines.map((line) => `${line}\n`).join('')).join('');
  });
  return merged.join('');
}

type Block = readonly [name: string, lines: string[]];

/** Lines that belong to one metric. Those without a HELP or TYPE line above them stand for themselves. */
function blocksOf(text: string): readonly Block[] {
  const blocks = new Map<string, string[]>();
  let open = '';
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, declared] = /^# (?:HELP|TYPE) (\S+)/.exec(line) ?? [];
    if (declared === undefined && line.startsWith('#')) continue;
    if (declared !== undefined) open = declared;
    else if (!belongs(line, open)) open = /^[^{\s]+/.exec(line)?.[0] ?? line;
    const lines = blocks.get(open);
    if (lines) lines.push(line);
    else blocks.set(open, [line]);
  }
  return [...blocks];
}

function belongs(line: string, family: string): boolean {
  if (family === '' || !line.startsWith(family)) return false;
  return /^(_bucket|_sum|_count)?[{\s]/.test(line.slice(family.length));
}
