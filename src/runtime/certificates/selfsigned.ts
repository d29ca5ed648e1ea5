import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { addressBytes, parseAddress } from '../../text/addresses.js';
import { bits, der, identifier, isTrue, octets, positive, sequence, setOf, time, utf8 } from './der.js';

/** PEM texts. */
export interface SelfSigned {
  /** Of the authority, which nobody can sign with any longer: its key is forgotten. */
  readonly ca: string;
  /** Of the server, then the one of the authority. */
  readonly cert: string;
  readonly key: string;
  readonly validUntil: Date;
}

export interface SelfSignedOptions {
  /** Names and addresses of the server. */
  readonly hosts: readonly string[];
  /** Days. Default 365. */
  readonly days?: number;
}

interface Holder {
  readonly name: Buffer;
  readonly publicKey: Buffer;
  readonly privateKey: KeyObject;
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/** A certificate for a server, by an authority that is made for it alone. Both have keys on the curve P-256. */
export function createSelfSigned({ hosts, days = 365 }: SelfSignedOptions): SelfSigned {
  const validFrom = new Date(Date.now() - 60 * 60 * 1000);
  const validUntil = new Date(Date.now() + days * millisecondsPerDay);
  const validity = sequence(time(validFrom), time(validUntil));
  const ca = holderOf(`opgen-ca@${randomBytes(4).toString('hex')}`);
  const server = holderOf(hosts[0] ?? 'localhost');
  const authority = certificate({ subject: ca, issuer: ca, validity, extensions: ofAuthority(ca) });
  const own = certificate({ subject: server, issuer: ca, validity, extensions: ofServer(ca, hosts) });
  return {
    ca: authority,
    cert: own + authority,
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    validUntil,
  };
}

function holderOf(commonName: string): Holder {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(setOf(sequence(identifier('550403'), utf8(commonName.slice(0, 64)))));
  return { name, publicKey: publicKey.export({ type: 'spki', format: 'der' }), privateKey };
}

interface Contents {
  readonly subject: Holder;
  readonly issuer: Holder;
  readonly validity: Buffer;
  readonly extensions: readonly Buffer[];
}

const version3 = der(0xa0, der(0x02, Buffer.of(2)));
const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'));

function certificate({ subject, issuer, validity, extensions }: Contents): string {
  const body = sequence(
    version3,
    positive(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    ecdsaWithSha256,
    issuer.name,
    validity,
    subject.name,
    subject.publicKey,
    der(0xa3, sequence(...extensions)),
  );
  const whole = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, issuer.privateKey)));
  const lines = whole.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

const extension = (hex: string, content: Buffer): Buffer => sequence(identifier(hex), octets(content));
const critical = (hex: string, content: Buffer): Buffer => sequence(identifier(hex), isTrue, octets(content));
const keyIdentifier = ({ publicKey }: Holder): Buffer => createHash('sha1').update(publicKey).digest();

/** May sign certificates, and nothing else. */
const ofAuthority = (ca: Holder): readonly Buffer[] => [
  critical('551d13', sequence(isTrue)),
  critical('551d0f', bits(Buffer.of(0x04), 2)),
  extension('551d0e', octets(keyIdentifier(ca))),
];

/** May sign handshakes of a server. */
const ofServer = (ca: Holder, hosts: readonly string[]): readonly Buffer[] => [
  critical('551d0f', bits(Buffer.of(0x80), 7)),
  extension('551d25', sequence(identifier('2b06010505070301'))),
  extension('551d23', sequence(der(0x80, keyIdentifier(ca)))),
  extension('551d11', sequence(...hosts.map(alternativeName))),
];

function alternativeName(host: string): Buffer {
  const address = parseAddress(host);
  return address ? der(0x87, addressBytes(address)) : der(0x82, Buffer.from(host));
}
