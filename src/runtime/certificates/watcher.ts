import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '../errors.js';
import { type Logger, messageOf } from '../log.js';
import { countCertificateError, countCertificateRead } from '../metrics/certificate.js';

/** PEM texts. */
export interface CertificatePair {
  readonly cert: Buffer | string;
  readonly key: Buffer | string;
}

export interface CertificateFiles {
  readonly folder: string;
  /** Default `tls.crt`. */
  readonly certName?: string;
  /** Default `tls.key`. */
  readonly keyName?: string;
}

export interface CertificateWatcher {
  /** The newest pair that fits together. */
  readonly pair: CertificatePair;
  /** Reads the files now. */
  check(): Promise<void>;
  stop(): void;
}

/** Milliseconds between two looks at the files: the mount of a Secret swaps a link, which not every file system tells about. */
const lookEvery = 10_000;

/**
 * Reads a certificate and its key, and again when the files change. `onChange` gets each new pair.
 *
 * Guarantees: what cannot be read, or does not fit together, is logged once and counted, and the pair before it stays. Rejects with a
 * ConfigError if there is no pair at first. Neither timer nor listener keeps the process alive.
 */
export async function watchCertificate(
  files: CertificateFiles,
  { log, onChange }: { log: Logger; onChange(pair: CertificatePair): void },
): Promise<CertificateWatcher> {
  const { folder } = files;
  let pair = await first(files);
  let problem = '';
  let reading: Promise<void> | undefined;

  const look = async (): Promise<void> => {
    try {
      const read = await readPair(files);
      if (Buffer.compare(read.cert, pair.cert) !== 0 || Buffer.compare(read.key, pair.key) !== 0) {
        onChange(read);
        pair = read;
        log.info('A certificate was renewed', { folder });
      }
      problem = '';
    } catch (error) {
      if (messageOf(error) !== problem)
        log.error(error, 'A certificate cannot be read; the one before is kept', { folder });
      problem = messageOf(error);
    }
  };
  const check = (): Promise<void> =>
    (reading ??= look().finally(() => {
      reading = undefined;
    }));

  const timer = setInterval(() => void check(), lookEvery).unref();
  const watcher = watchFolder(folder, () => void check());
  return {
    get pair() {
      return pair;
    },
    check,
    stop() {
      clearInterval(timer);
      watcher?.close();
    },
  };
}

async function first(files: CertificateFiles) {
  try {
    return await readPair(files);
  } catch (error) {
    const { folder, certName = defaults.certName, keyName = defaults.keyName } = files;
    throw new ConfigError(
      `The folder ${folder} must have a certificate \`${certName}\` with its key \`${keyName}\`, but: ${messageOf(error)}`,
    );
  }
}

const defaults = { certName: 'tls.crt', keyName: 'tls.key' };

async function readPair({ folder, certName = defaults.certName, keyName = defaults.keyName }: CertificateFiles) {
  countCertificateRead();
  try {
    const [cert, key] = await Promise.all([readFile(join(folder, certName)), readFile(join(folder, keyName))]);
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (error) {
    countCertificateError();
    throw error;
  }
}

/** Nothing where the file system cannot tell: the timer is enough. */
function watchFolder(folder: string, onEvent: () => void): FSWatcher | undefined {
  try {
    return watch(folder, { persistent: false }, onEvent).on('error', () => {});
  } catch {
    return undefined;
  }
}
