import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as realTurn } from 'node:timers';
import { vi } from 'vitest';
import { randomBy } from '../../support/random.js';

/** A process in a world: what runs within it stands still while it is paused, and never goes on once it is dead. */
export interface Machine {
  state: 'running' | 'paused' | 'dead';
  /** Milliseconds that its time of day is wrong by. */
  skew: number;
  /** What has become due while it was paused, by what woke it. */
  readonly due: { timers: (() => void)[]; network: (() => void)[] };
}

/** Virtual time, with machines in it that share nothing but the network. */
export interface World {
  readonly now: number;
  /** Between 0 and 1, by the seed. */
  random(): number;
  machine(): Machine;
  /** Runs `fn` as the code of a machine: its timers, and all that follows from it, belong to the machine. */
  within<T>(machine: Machine, fn: () => T): T;
  /** Runs `fn` as no code of any machine. */
  outside<T>(fn: () => T): T;
  /** The machine whose code runs now. */
  readonly current: Machine | undefined;
  /** Calls `fn` later, whatever becomes of the machines. */
  after(milliseconds: number, fn: () => void): void;
  /** Resolves in the code of the machine as soon as that runs; never once it is dead. */
  delivered(machine: Machine): Promise<void>;
  resume(machine: Machine): Promise<void>;
  /** Lets so much time pass. */
  pass(milliseconds: number): Promise<void>;
  /** Puts the real clock and timers back. */
  end(): void;
}

interface Timer {
  readonly id: number;
  at: number;
  readonly every: number | undefined;
  readonly machine: Machine | undefined;
  readonly fn: () => void;
}

/** From now on until `end` all timers and clocks of this thread are those of the world. */
export function createWorld(seed: number): World {
  const storage = new AsyncLocalStorage<Machine | undefined>();
  const random = randomBy(seed);
  const timers = new Map<number, Timer>();
  let now = 1000;
  let lastId = 0;
  let activity = 0;

  const add = (fn: () => void, delay: number, every?: number, machine = storage.getStore()) => {
    activity++;
    const id = ++lastId;
    const run = (): void => storage.run(machine, fn);
    timers.set(id, { id, at: now + Math.max(1, delay || 0), every, machine, fn: run });
    const handle = { unref: () => handle, ref: () => handle, hasRef: () => true, [Symbol.toPrimitive]: () => id };
    return handle;
  };
  const remove = (handle: unknown): void => void (handle != null && timers.delete(Number(handle)));

  const NativeDate = Date;
  const start = NativeDate.UTC(2030, 0, 1);
  class WorldDate extends NativeDate {
    constructor(...given: [] | [number | string]) {
      if (given.length === 0) super(WorldDate.now());
      else super(given[0]);
    }
    static override now(): number {
      return Math.floor(start + now + (storage.getStore()?.skew ?? 0));
    }
  }
  vi.stubGlobal('Date', WorldDate);
  vi.stubGlobal('setTimeout', (fn: (...a: unknown[]) => void, delay: number, ...a: unknown[]) =>
    add(() => fn(...a), delay),
  );
  vi.stubGlobal('setInterval', (fn: () => void, every: number) => add(fn, every, every));
  vi.stubGlobal('clearTimeout', remove);
  vi.stubGlobal('clearInterval', remove);
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.spyOn(Math, 'random').mockImplementation(random);

  /** Until nothing has happened for some turns of the real event loop. */
  async function settle(): Promise<void> {
    for (let quiet = 0, seen = activity; quiet < 4; quiet = seen === activity ? quiet + 1 : 0) {
      seen = activity;
      await new Promise<void>((done) => realTurn(done));
    }
  }

  const next = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers.values()) if (!first || timer.at < first.at) first = timer;
    return first;
  };

  async function fire(timer: Timer): Promise<void> {
    const { machine } = timer;
    if (timer.every === undefined || machine?.state === 'dead') timers.delete(timer.id);
    else timer.at += timer.every;
    if (machine?.state === 'dead') return;
    if (machine?.state === 'paused') return void machine.due.timers.push(timer.fn);
    activity++;
    timer.fn();
    await settle();
  }

  return {
    get now() {
      return now;
    },
    random,
    machine: () => ({ state: 'running', skew: 0, due: { timers: [], network: [] } }),
    within: (machine, fn) => storage.run(machine, fn),
    outside: (fn) => storage.run(undefined, fn),
    get current() {
      return storage.getStore();
    },
    after: (milliseconds, fn) => void storage.run(undefined, () => add(fn, milliseconds)),
    delivered(machine) {
      activity++;
      if (machine.state === 'running') return Promise.resolve();
      return new Promise((resolve) => machine.due.network.push(resolve));
    },
    async resume(machine) {
      if (machine.state !== 'paused') return;
      machine.state = 'running';
      const { timers: woken, network } = machine.due;
      const queues = random() < 0.5 ? [woken, network] : [network, woken];
      for (const queue of queues) {
        for (const fn of queue.splice(0)) {
          activity++;
          fn();
          await settle();
        }
      }
    },
    async pass(milliseconds) {
      const until = now + milliseconds;
      await settle();
      for (let timer = next(); timer && timer.at <= until; timer = next()) {
        now = Math.max(now, timer.at);
        await fire(timer);
      }
      now = until;
    },
    end() {
      vi.unstubAllGlobals();
      vi.restoreAllMocks();
    },
  };
}
