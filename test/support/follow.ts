import type { ChildProcess } from 'node:child_process';

/** A process that runs on while its output is read. */
export interface Followed {
  readonly child: ChildProcess;
  /** Everything that was printed, to either stream. */
  output(): string;
  /** Resolves when what was printed since the last call matches; rejects after half a minute. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
  readonly ended: Promise<number | null>;
}

/** The streams of the process must be pipes. */
export function follow(child: ChildProcess): Followed {
  let output = '';
  let seen = 0;
  let check = (): void => {};
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      check();
    });
  }
  return {
    child,
    output: () => output,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${pattern} must be printed, but all is:\n${output}`)), 30_000);
        check = () => {
          const match = pattern.exec(output.slice(seen));
          if (!match) return;
          clearTimeout(timer);
          check = () => {};
          seen += match.index + match[0].length;
          resolve(match);
        };
        check();
      }),
    ended: new Promise((resolve) => child.once('close', resolve)),
  };
}
