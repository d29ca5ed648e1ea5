import { connect, type Socket } from 'node:net';
import { addressBytes, parseAddress } from '../../text/addresses.js';
import { messageOf } from '../log.js';
import {
  type ProxyServer,
  proxyHost,
  proxyLogin,
  proxyPatience,
  proxyTitle,
  type Target,
  targetText,
} from './proxy.js';

const version = 5;
const defaultPort = 1080;
const ways = { open: 0, login: 2, none: 0xff };
const addressTypes = { ipv4: 1, name: 3, ipv6: 4 };

/** Why a connection is refused, by the code of the answer. */
const refusals: readonly (string | undefined)[] = [
  undefined,
  'it has failed',
  'its rules do not allow it',
  'the network cannot be reached',
  'the host cannot be reached',
  'the host refuses the connection',
  'the time to live has expired',
  'it makes no connections by CONNECT',
  'it does not take this type of address',
];

/** What a proxy does wrong, or refuses. */
class SocksProblem extends Error {}

/**
 * A connection through a proxy that speaks version 5 of SOCKS (RFC 1928, RFC 1929), which resolves the name of the target itself. Rejects
 * with what the proxy refuses, or why there is no answer.
 */
export async function connectBySocks({ url }: ProxyServer, target: Target, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host: proxyHost(url), port: Number(url.port) || defaultPort });
  const trouble = troubleOf(socket, signal);
  const peer = peerOf(socket);
  try {
    await Promise.race([trouble.happens, negotiate(peer, url, target)]);
    return socket;
  } catch (error) {
    socket.destroy();
    throw problem(url, error);
  } finally {
    trouble.release();
    peer.release();
  }
}

/** The proxy while it is talked to. */
interface Peer {
  tell(...parts: readonly Uint8Array[]): void;
  /** So many bytes of its answer, as soon as they are there. */
  take(count: number): Promise<Buffer>;
  /** What comes from now on is for others. */
  release(): void;
}

function peerOf(socket: Socket): Peer {
  let wake = (): void => {};
  const onReadable = (): void => wake();
  // One listener all the time: each new one would be called for bytes that were there before, and are too few.
  socket.on('readable', onReadable);
  return {
    tell: (...parts) => void socket.write(Buffer.concat(parts)),
    async take(count) {
      for (;;) {
        const bytes: Buffer | null = socket.read(count);
        if (bytes?.length === count) return bytes;
        if (bytes !== null) throw new SocksProblem('closes the connection');
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    release: () => void socket.off('readable', onReadable),
  };
}

/** Whatever else may become of a connection than what is waited for; its promise never resolves. */
function troubleOf(socket: Socket, signal: AbortSignal) {
  let fail = (_error: unknown): void => {};
  const happens = new Promise<never>((_, reject) => (fail = reject));
  const closed = (): void => fail(new SocksProblem('closes the connection'));
  const aborted = (): void => fail(signal.reason);
  const late = new SocksProblem(`gives no answer within ${proxyPatience / 1000} seconds`);
  const timer = setTimeout(() => fail(late), proxyPatience);
  socket.on('error', fail).once('end', closed).once('close', closed);
  signal.addEventListener('abort', aborted, { once: true });
  if (signal.aborted) aborted();
  const release = (): void => {
    clearTimeout(timer);
    socket.off('end', closed).off('close', closed);
    signal.removeEventListener('abort', aborted);
  };
  return { happens, release };
}

async function negotiate(peer: Peer, url: URL, target: Target): Promise<void> {
  const login = proxyLogin(url);
  const offered = login === undefined ? [ways.open] : [ways.open, ways.login];
  peer.tell(Buffer.of(version, offered.length, ...offered));
  const [spoken, way = ways.none] = await peer.take(2);
  if (spoken !== version) throw new SocksProblem('does not speak version 5 of SOCKS');
  if (!offered.includes(way))
    throw new SocksProblem(
      login === undefined ? 'wants a login, but its URL names none' : 'takes no login by name and password',
    );
  if (login !== undefined && way === ways.login) await logIn(peer, login);
  await ask(peer, target);
}

async function logIn(peer: Peer, login: { name: string; password: string }): Promise<void> {
  peer.tell(Buffer.of(1), counted(login.name), counted(login.password));
  const [, status] = await peer.take(2);
  if (status !== 0) throw new SocksProblem('refuses the name or the password of its URL');
}

async function ask(peer: Peer, target: Target): Promise<void> {
  peer.tell(Buffer.of(version, 1, 0), addressOf(target.host), Buffer.of(target.port >> 8, target.port & 0xff));
  const [spoken, code = 1, , type = 0] = await peer.take(4);
  if (spoken !== version) throw new SocksProblem('does not speak version 5 of SOCKS');
  if (code !== 0)
    throw new SocksProblem(`does not connect to ${targetText(target)}: ${refusals[code] ?? `its code is ${code}`}`);
  await peer.take((await addressLength(peer, type)) + 2);
}

/** The rest of the answer is the address that the proxy connects from. */
async function addressLength(peer: Peer, type: number): Promise<number> {
  if (type === addressTypes.ipv4) return 4;
  if (type === addressTypes.ipv6) return 16;
  if (type === addressTypes.name) return (await peer.take(1))[0] ?? 0;
  throw new SocksProblem('does not speak version 5 of SOCKS');
}

function addressOf(host: string): Buffer {
  const address = parseAddress(host);
  if (address === undefined) return Buffer.concat([Buffer.of(addressTypes.name), counted(host)]);
  return Buffer.concat([
    Buffer.of(address.family === 4 ? addressTypes.ipv4 : addressTypes.ipv6),
    addressBytes(address),
  ]);
}

/** A text with its length before it. */
function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 255) throw new SocksProblem('takes names of at most 255 bytes');
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

function problem(url: URL, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  const fact = error instanceof SocksProblem ? error.message : `cannot be used: ${messageOf(error)}`;
  return Object.assign(new Error(`${proxyTitle(url)} ${fact}`, { cause: error }), code && { code });
}
