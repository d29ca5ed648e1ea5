import { createHash } from 'node:crypto';
import { isEqual, isMembers } from '../json.js';

const capacity = 10_000;

/** Hashes by path: what was sent there, and what the API server made of it. */
type Answers = ReadonlyMap<string, { readonly sent: string; readonly stored: string }>;

/**
 * Remembers where the API server stored something else than it was sent, for it fills in defaults. An edit that states the short form
 * again differs from the stored object each time, though sending it changes nothing.
 */
export interface Settled {
  /** To be called with each answer to a write; `id` names the object for all of its life. */
  remember(id: string, sent: unknown, stored: unknown): void;
  /** Whether the patch states what was sent before, and the object is what the API server made of that. */
  isSettled(id: string, patch: unknown, object: unknown): boolean;
}

/** Holds 10 000 objects; the one that was not used for longest goes first. */
export function createSettled(): Settled {
  const byObject = new Map<string, Answers>();
  return {
    remember(id, sent, stored) {
      const answers = new Map([...(byObject.get(id) ?? []), ...answersOf(sent, stored)]);
      byObject.delete(id);
      if (answers.size > 0) byObject.set(id, answers);
      const [oldest] = byObject.keys();
      if (byObject.size > capacity && oldest !== undefined) byObject.delete(oldest);
    },
    isSettled(id, patch, object) {
      const answers = byObject.get(id);
      if (answers === undefined) return false;
      byObject.delete(id);
      byObject.set(id, answers);
      return [...leavesOf(patch, object)].every(([path, sent, stored]) => {
        const answer = answers.get(path);
        return answer?.sent === hashOf(sent) && answer.stored === hashOf(stored);
      });
    },
  };
}

function* answersOf(sent: unknown, stored: unknown): Iterable<[string, { sent: string; stored: string }]> {
  for (const [path, part, answer] of leavesOf(sent, stored))
    if (!isEqual(part ?? null, answer ?? null)) yield [path, { sent: hashOf(part), stored: hashOf(answer) }];
}

/** Each value of a patch that is not an object of members, with its path, and the value there in the object. */
function* leavesOf(patch: unknown, object: unknown, path = ''): Iterable<[string, unknown, unknown]> {
  if (!isMembers(patch)) return yield [path, patch, object];
  for (const key of Object.keys(patch)) {
    const below = isMembers(object) && Object.hasOwn(object, key) ? object[key] : undefined;
    yield* leavesOf(patch[key], below, `${path}/${JSON.stringify(key)}`);
  }
}

const hashOf = (value: unknown): string =>
  createHash('sha1')
    .update(JSON.stringify(value ?? null))
    .digest('base64');
