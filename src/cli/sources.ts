import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join, posix } from 'node:path';

/** What the files of a project do while somebody works on them. */
export interface Sources {
  /**
   * Resolves when something has changed since the last call, at once the first time, and when the files rest; also when
   * `close` is called.
   */
  changed(): Promise<void>;
  /** Watches these files, too, in place of those of the last call. */
  follow(files: readonly string[]): void;
  close(): void;
}

/** Paths are relative to the root and need not exist. */
export interface Watched {
  /** With everything below them. */
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** Folders whose changes do not count. */
  readonly ignored?: readonly string[];
}

/** Which names in a folder count: those of the set, or all but those of it. */
interface Concern {
  readonly isWhole: boolean;
  readonly names: ReadonlySet<string>;
}

const restMilliseconds = 100;
/** Files that never rest are looked at now and then. */
const longestMilliseconds = 2000;

/**
 * Watches folders and files below `root`. Each folder has a watcher of its own: only these see that an editor replaces a
 * file by another one, on every platform. What cannot be watched is told to `warn`.
 */
export function watchSources(root: string, watched: Watched, warn: (line: string) => void): Sources {
  const watchers = new Map<string, FSWatcher>();
  let concerns = concernsOf(root, watched, []);
  let followed: readonly string[] = [];
  let isDirty = true;
  let isClosed = false;
  let wake: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let restless: number | undefined;

  const settle = (): void => {
    timer = undefined;
    restless = undefined;
    isDirty = true;
    watchAnew();
    wake?.();
  };
  const touch = (): void => {
    if (isClosed) return;
    clearTimeout(timer);
    restless ??= performance.now();
    const left = restless + longestMilliseconds - performance.now();
    timer = setTimeout(settle, Math.max(0, Math.min(restMilliseconds, left)));
  };
  const forget = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  /** A folder that was replaced by another one of its name has a watcher that sees nothing any more. */
  const forgetBelow = (folder: string): void => {
    for (const each of [...watchers.keys()]) if (each === folder || each.startsWith(`${folder}/`)) forget(each);
  };
  const watchFolder = (folder: string): void => {
    try {
      const watcher = watch(join(root, folder), (event, name) => {
        if (event === 'rename' && name !== null) forgetBelow(posix.join(folder, name));
        const { isWhole, names } = concerns.get(folder) ?? nothing;
        if (name === null || names.has(name) !== isWhole) touch();
      });
      watcher.on('error', () => {
        forget(folder);
        touch();
      });
      watchers.set(folder, watcher);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') warn(`\`${folder || '.'}\` cannot be watched (${code}): its changes go unnoticed.`);
    }
  };
  /** What came into being with a new folder has been missed: it counts as a change. */
  const watchAnew = (isFirst = false): void => {
    concerns = concernsOf(root, watched, followed);
    for (const folder of watchers.keys()) if (!concerns.has(folder)) forget(folder);
    for (const [folder, { isWhole }] of concerns) {
      if (watchers.has(folder)) continue;
      watchFolder(folder);
      if (!isFirst && isWhole && timer === undefined) touch();
    }
  };

  watchAnew(true);
  return {
    async changed() {
      if (!isDirty && !isClosed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      isDirty = false;
    },
    follow(files) {
      followed = files;
      watchAnew(true);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      wake?.();
    },
  };
}

const nothing: Concern = { isWhole: false, names: new Set() };

/** The folders to watch, those above what is wanted among them: it may come and go. */
function concernsOf(
  root: string,
  { folders, files, ignored = [] }: Watched,
  followed: readonly string[],
): ReadonlyMap<string, Concern> {
  const names = new Map<string, Set<string>>();
  for (const path of [...folders, ...files, ...followed]) {
    for (let at = normal(path); at !== '' && !/(^|\/)\.\.$/.test(at); at = normal(posix.dirname(at))) {
      const above = normal(posix.dirname(at));
      names.set(above, (names.get(above) ?? new Set()).add(posix.basename(at)));
    }
  }
  const concerns = new Map<string, Concern>(
    [...names].map(([folder, each]) => [folder, { isWhole: false, names: each }]),
  );
  for (const folder of folders.flatMap((each) => foldersBelow(root, normal(each), ignored))) {
    const without = ignored
      .filter((each) => normal(posix.dirname(each)) === folder)
      .map((each) => posix.basename(each));
    concerns.set(folder, { isWhole: true, names: new Set(without) });
  }
  return concerns;
}

/** The root is the empty path. */
const normal = (path: string): string => (path === '.' ? '' : path.replace(/\/$/, ''));

function foldersBelow(root: string, folder: string, ignored: readonly string[]): readonly string[] {
  if (ignored.includes(folder) || /(^|\/)(node_modules|\.git|\.opgen)$/.test(folder)) return [];
  try {
    const entries = readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [folder, ...entries.flatMap(({ name }) => foldersBelow(root, posix.join(folder, name), ignored))];
  } catch {
    return [];
  }
}
