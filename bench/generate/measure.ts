import { spawnSync } from 'node:child_process';

/** One thing to measure: `prepare` is not part of the time. */
export interface Case {
  readonly name: string;
  readonly command: readonly [file: string, ...args: string[]];
  readonly cwd: string;
  /** Measured in every n-th round: 1 for all but the slow. */
  readonly every: number;
  prepare?(): void;
}

/** Wall times of whole processes in ms, by the name of the case. */
export type Times = ReadonlyMap<string, readonly number[]>;

/** Node 20 reads extra certificates at its start, which has nothing to do with what is measured. */
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;

/**
 * Runs all cases in turn, A B C A B C …, so that what else the machine does weighs on all of them. The first round warms up and does not
 * count. Stops after `rounds` rounds, or at the end of the round in which `seconds` have passed.
 */
export function measure(cases: readonly Case[], rounds: number, seconds: number): Times {
  const times = new Map<string, number[]>(cases.map(({ name }) => [name, []]));
  const end = performance.now() + seconds * 1000;
  for (const each of cases) time(each);
  for (let round = 0; round < rounds && performance.now() < end; round++) {
    for (const each of cases) if (round % each.every === 0) times.get(each.name)!.push(time(each));
  }
  return times;
}

function time({ name, command: [file, ...args], cwd, prepare }: Case): number {
  prepare?.();
  const start = performance.now();
  const { status, stderr } = spawnSync(file, args, { cwd, env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  const elapsed = performance.now() - start;
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
  return elapsed;
}

/** Reports the peak of the resident memory as the last line on stderr. */
const reporter = `data:text/javascript,process.on('exit',()=>process.stderr.write('\\n'+process.resourceUsage().maxRSS))`;

/** Peak of the resident memory of one run of a case under Node.js, in MB. */
export function peakMemory({ name, command: [, ...args], cwd, prepare }: Case): number {
  prepare?.();
  const argv = ['--import', reporter, ...args];
  const { status, stderr } = spawnSync(process.execPath, argv, { cwd, env: environment, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
  return Number(stderr.split('\n').at(-1)) / 1024;
}
