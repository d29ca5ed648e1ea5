import { readdirSync, statSync } from 'node:fs';
import { posix, resolve } from 'node:path';

/** Files and folders, or folders alone, whose path begins with what is typed; a flag with `=` in front stays there. Folders end in `/`. */
export function pathsBeginning(typed: string, cwd: string, wanted: 'files' | 'folders'): readonly string[] {
  const [flag = ''] = /^--[a-z-]+=/.exec(typed) ?? [];
  const path = typed.slice(flag.length);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const start = posix.basename(`${path}.`).slice(0, -1);
  const names = readdirSync(resolve(cwd, folder)).filter(
    (name) => name.startsWith(start) && (start.startsWith('.') || !name.startsWith('.')),
  );
  return names.sort().flatMap((name) => {
    const isFolder = statSync(resolve(cwd, folder, name), { throwIfNoEntry: false })?.isDirectory() === true;
    return isFolder || wanted === 'files' ? [`${flag}${folder}${name}${isFolder ? '/' : ''}`] : [];
  });
}
