import { createPrivateKey, X509Certificate } from 'node:crypto';
import { connect, createServer } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSelfSigned } from '../../../src/runtime/certificates/selfsigned.js';

const day = 24 * 60 * 60 * 1000;

/** The name that a handshake with the certificate as `host` is verified for; rejects when it is not. */
async function handshake(host: string, hosts: readonly string[]): Promise<boolean> {
  const { ca, cert, key } = createSelfSigned({ hosts });
  const server = createServer({ cert, key }, (socket) => socket.end());
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca, servername: host }, () => {
      resolve(socket.authorized);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('a certificate of its own', () => {
  test('is signed by its authority, for its hosts, from now on for a year', () => {
    const { ca, cert, key, validUntil } = createSelfSigned({
      hosts: ['localhost', 'op-1', '127.0.0.1', '::1', '2001:db8:0:1::ff'],
    });
    const [authority, own] = [new X509Certificate(ca), new X509Certificate(cert)];
    expect(own.verify(authority.publicKey)).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(own.checkIssued(authority)).toBe(true);
    expect([authority.ca, own.ca]).toEqual([true, false]);
    expect(own.checkPrivateKey(createPrivateKey(key))).toBe(true);
    for (const host of ['localhost', 'op-1']) expect(own.checkHost(host)).toBe(host);
    for (const address of ['127.0.0.1', '::1', '2001:db8:0:1::ff']) expect(own.checkIP(address)).toBe(address);
    expect(own.checkHost('other')).toBeUndefined();
    expect(own.checkIP('127.0.0.2')).toBeUndefined();
    expect(own.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(Date.parse(own.validFrom)).toBeLessThan(Date.now());
    expect(Math.abs(validUntil.getTime() - Date.now() - 365 * day)).toBeLessThan(day);
    expect(Math.abs(Date.parse(own.validTo) - validUntil.getTime())).toBeLessThan(1000);
  });

  test('may be good until after 2050', () => {
    const { cert, validUntil } = createSelfSigned({ hosts: ['a'], days: 365 * 60 });
    expect(Math.abs(Date.parse(new X509Certificate(cert).validTo) - validUntil.getTime())).toBeLessThan(1000);
  });

  test('has another serial number and key each time', () => {
    const [one, other] = [createSelfSigned({ hosts: ['a'] }), createSelfSigned({ hosts: ['a'] })];
    expect(new X509Certificate(one.cert).serialNumber).not.toBe(new X509Certificate(other.cert).serialNumber);
    expect(one.key).not.toBe(other.key);
  });

  test('passes a handshake that trusts its authority', async () => {
    expect(await handshake('localhost', ['localhost'])).toBe(true);
    await expect(handshake('other', ['localhost'])).rejects.toThrow('altnames');
  });

  test('takes any addresses and any number of hosts', () => {
    const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain());
    fc.assert(
      fc.property(fc.array(host, { minLength: 1, maxLength: 300 }), (hosts) => {
        const own = new X509Certificate(createSelfSigned({ hosts }).cert);
        expect(own.subjectAltName?.split(', ')).toHaveLength(hosts.length);
        for (const each of hosts)
          expect(/[:]|^[\d.]+$/.test(each) ? own.checkIP(each) : own.checkHost(each)).toBe(each);
      }),
      { numRuns: 20 },
    );
  });
});
