import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type CertificatePair, watchCertificate } from '../../../src/runtime/certificates/watcher.js';
import { ConfigError } from '../../../src/runtime/errors.js';
import { metrics } from '../../../src/runtime/metrics/index.js';
import { type Certificate, createCertificate } from '../../support/certificate.js';
import { recordingLogger } from '../../support/log.js';
import { tempFolder } from '../../support/temp.js';
import { parseExposition, valueIn } from '../metrics/exposition.js';

afterEach(() => {
  vi.useRealTimers();
});

const fill = (folder: string, { cert, key }: Pick<Certificate, 'cert' | 'key'>): void => {
  writeFileSync(join(folder, 'tls.key'), key);
  writeFileSync(join(folder, 'tls.crt'), cert);
};

/** A watched folder with a certificate, and the certificates that came later. */
async function watched(folder: string) {
  const { log, messages } = recordingLogger();
  const pairs: CertificatePair[] = [];
  const watcher = await watchCertificate({ folder }, { log, onChange: (pair) => void pairs.push(pair) });
  onTestFinished(watcher.stop);
  return { watcher, pairs, messages, texts: () => pairs.map(({ cert }) => String(cert)) };
}

describe('a certificate in a folder', () => {
  const [first, second] = [createCertificate('first'), createCertificate('second')];

  test('is read again when its files change', async () => {
    const folder = tempFolder();
    fill(folder, first);
    const { watcher, texts } = await watched(folder);
    expect(String(watcher.pair.cert)).toBe(first.cert);
    await watcher.check();
    expect(texts()).toEqual([]);
    fill(folder, second);
    await vi.waitFor(() => expect(texts()).toEqual([second.cert]));
    expect(String(watcher.pair.key)).toBe(second.key);
  });

  test('is found by the timer where nobody tells of a change, as when a Secret is mounted', async () => {
    const folder = tempFolder();
    for (const [name, certificate] of Object.entries({ one: first, two: second })) {
      mkdirSync(join(folder, name));
      fill(join(folder, name), certificate);
    }
    symlinkSync('one', join(folder, '..data'));
    mkdirSync(join(folder, 'mount'));
    for (const name of ['tls.crt', 'tls.key']) symlinkSync(`../..data/${name}`, join(folder, 'mount', name));
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { texts } = await watched(join(folder, 'mount'));
    symlinkSync('two', join(folder, '..next'));
    renameSync(join(folder, '..next'), join(folder, '..data'));
    expect(texts()).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    vi.useRealTimers();
    await vi.waitFor(() => expect(texts()).toEqual([second.cert]));
  });

  test('stays while the new one does not fit its key, is cut off or is gone, and that is counted', async () => {
    const folder = tempFolder();
    fill(folder, first);
    const count = async (name: string) =>
      valueIn(parseExposition(await metrics.registry.metrics()), `certwatcher_read_certificate_${name}`) ?? 0;
    const { watcher, texts, messages } = await watched(folder);
    const [reads, errors] = [await count('total'), await count('errors_total')];
    writeFileSync(join(folder, 'tls.key'), second.key);
    await watcher.check();
    await watcher.check();
    writeFileSync(join(folder, 'tls.crt'), second.cert.slice(0, 200));
    await watcher.check();
    rmSync(join(folder, 'tls.crt'));
    await watcher.check();
    expect(String(watcher.pair.cert)).toBe(first.cert);
    expect(texts()).toEqual([]);
    expect(await count('total')).toBeGreaterThan(reads);
    expect(await count('errors_total')).toBeGreaterThan(errors);
    const problem = 'A certificate cannot be read; the one before is kept';
    expect(messages('error').every((message) => message === problem)).toBe(true);
    fill(folder, second);
    await vi.waitFor(() => expect(texts()).toEqual([second.cert]));
  });

  test('must be there at first', async () => {
    const folder = tempFolder();
    const start = () => watchCertificate({ folder }, { log: recordingLogger().log, onChange: () => {} });
    await expect(start()).rejects.toThrow(ConfigError);
    await expect(start()).rejects.toThrow('must have a certificate `tls.crt` with its key `tls.key`, but: ENOENT');
    fill(folder, { cert: first.cert, key: second.key });
    await expect(start()).rejects.toThrow('key values mismatch');
  });
});
