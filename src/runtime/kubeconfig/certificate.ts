import { createSecureContext } from 'node:tls';
import { messageOf } from '../log.js';
import type { TlsIdentity } from '../transport/index.js';
import { type Entry, mistake } from './entry.js';

/** Throws ConfigError where certificate and key cannot be read, or are not for each other. */
export function checkedPair(user: Entry, pair: { cert: string; key: string }): TlsIdentity {
  try {
    createSecureContext(pair);
    return pair;
  } catch (error) {
    throw mistake(user, `must have a client certificate with its key, but: ${messageOf(error)}`);
  }
}
