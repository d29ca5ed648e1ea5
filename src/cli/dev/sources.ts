import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

/** What the files of a project do while somebody works on them. */
export interface Sources {
  /**
   * Resolves when something has changed since the last call, at once the first time, and when the files rest; also when
   * `close` is called.
   */
  changed(): Promise<void>;
  close(): void;
}

const restMilliseconds = 100;
/** Files beside `src/` that the bundle and the manifests depend on. */
const rootFiles = ['package.json', 'tsconfig.json', 'PROJECT'];
const generated = join('src', 'generated');

/**
 * Watches `src/` without `src/generated/`, and the files of the project beside it. Each folder has a watcher of its
 * own: only these see that an editor replaces a file by another one, on every platform. What cannot be watched is told
 * to `warn`.
 */
export function watchSources(root: string, warn: (line: string) => void): Sources {
  const folders = new Map<string, FSWatcher>();
  let isDirty = true;
  let isClosed = false;
  let wake: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  const settle = (): void => {
    timer = undefined;
    isDirty = true;
    watchNew();
    wake?.();
  };
  const touch = (): void => {
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(settle, restMilliseconds);
  };
  const watchFolder = (folder: string, concerns: (name: string | null) => boolean): void => {
    if (folders.has(folder)) return;
    try {
      const watcher = watch(join(root, folder), (_, name) => {
        if (concerns(name)) touch();
      });
      watcher.on('error', () => {
        watcher.close();
        folders.delete(folder);
        touch();
      });
      folders.set(folder, watcher);
      if (timer === undefined && folder !== '') touch();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') warn(`\`${folder || '.'}\` cannot be watched (${code}): its changes go unnoticed.`);
    }
  };
  const watchNew = (): void => {
    const present = foldersBelow(root, 'src');
    for (const [folder, watcher] of folders) {
      if (folder === '' || present.includes(folder)) continue;
      watcher.close();
      folders.delete(folder);
    }
    for (const folder of present) watchFolder(folder, (name) => name === null || join(folder, name) !== generated);
  };

  watchFolder('', (name) => name === null || name === 'src' || rootFiles.includes(name));
  watchNew();
  clearTimeout(timer);
  return {
    async changed() {
      if (!isDirty && !isClosed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      isDirty = false;
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const watcher of folders.values()) watcher.close();
      wake?.();
    },
  };
}

function foldersBelow(root: string, folder: string): readonly string[] {
  if (folder === generated) return [];
  try {
    const entries = readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [folder, ...entries.flatMap(({ name }) => foldersBelow(root, join(folder, name)))];
  } catch {
    return [];
  }
}
