import { type Diagnostic, Refusal } from '../diagnostics.js';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EBUSY: 'it is in use',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it exists already',
  EIO: 'the disk reports an error',
  EISDIR: 'it is a folder',
  ELOOP: 'its symlinks form a loop',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'it does not exist',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a file stands where a folder is needed',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
};

/** The `code` of a system error (`EACCES`); undefined for any other value. */
export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** Whether the error says that there is no such file. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '');

/** OG4006 for an error of the system, in plain words; errors of any other kind are thrown on. */
export function fileRefusal(path: string, must: 'be readable' | 'be writable', error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const code = errnoOf(error);
  if (code === undefined) throw error;
  return new Refusal(fileProblem(path, must, `${reasons[code] ?? 'the system refuses'} (${code})`));
}

/** The diagnostic OG4006: `must` is what the file has to be, `fact` what is the case. */
export function fileProblem(path: string, must: string, fact: string, hint?: string): Diagnostic {
  return { code: 'OG4006', severity: 'error', message: `\`${path}\` must ${must}, but ${fact}`, ...(hint && { hint }) };
}

/** The diagnostic OG4005 for a path that breaks `rule`, worded as by `unsafePath`. */
export function pathProblem(path: string, rule: string): Diagnostic {
  return { code: 'OG4005', severity: 'error', message: `A path ${rule}, but one is ${JSON.stringify(path)}` };
}

/** The diagnostic OG4005 for a path whose part `link` is a symlink that `fact` tells about. */
export function linkProblem(path: string, link: string, fact: string): Diagnostic {
  const message = `\`${path}\` must stay inside the project, but \`${link}\` is a symlink that ${fact}`;
  return { code: 'OG4005', severity: 'error', message, hint: `replace \`${link}\` by a file or folder of the project` };
}
