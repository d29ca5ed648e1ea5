import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SocksOptions {
  /** Asks for this name and password. */
  readonly login?: { readonly name: string; readonly password: string };
  /** The code that connections are refused with. */
  readonly refusal?: number;
  /** The address that answers name as the one of the proxy: its type, with its bytes. */
  readonly bound?: readonly number[];
  /** Answers one byte after the other. */
  readonly isSlow?: boolean;
}

export interface SocksServer {
  readonly url: URL;
  /** The targets that connections were asked for, by the type of their address. */
  readonly asked: readonly string[];
  /** Connections that are open. */
  readonly open: ReadonlySet<Socket>;
}

/** A proxy for version 5 of SOCKS on 127.0.0.1, which connects to the port on this machine, whatever the host. */
export async function startSocks(options: SocksOptions = {}): Promise<SocksServer> {
  const asked: string[] = [];
  return {
    asked,
    ...(await startRaw((socket) => void converse(socket, options, asked).catch(() => socket.destroy()))),
  };
}

/** A server that does with connections what it likes. */
export async function startRaw(onConnection: (socket: Socket) => void): Promise<Pick<SocksServer, 'url' | 'open'>> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.on('error', () => {}).on('close', () => open.delete(socket)));
    onConnection(socket);
    // What nobody reads would keep the socket from closing.
    if (socket.listenerCount('readable') === 0) socket.resume();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { url: new URL(`socks5://127.0.0.1:${(server.address() as AddressInfo).port}`), open };
}

async function converse(socket: Socket, options: SocksOptions, asked: string[]): Promise<void> {
  const { login, refusal = 0, bound = [1, 127, 0, 0, 1], isSlow } = options;
  const read = readerOf(socket);
  const answer = async (...bytes: number[]): Promise<void> => {
    if (!isSlow) return void socket.write(Buffer.from(bytes));
    for (const byte of bytes) {
      socket.write(Buffer.of(byte));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  const [, count = 0] = await read(2);
  const ways = await read(count);
  const way = login ? 2 : 0;
  if (!ways.includes(way)) return answer(5, 0xff);
  await answer(5, way);
  if (login) {
    const name = String(await read((await read(2))[1] ?? 0));
    const password = String(await read((await read(1))[0] ?? 0));
    const isRight = name === login.name && password === login.password;
    await answer(1, isRight ? 0 : 1);
    if (!isRight) return void socket.end();
  }
  const [, , , type = 0] = await read(4);
  const host =
    type === 3 ? String(await read((await read(1))[0] ?? 0)) : (await read(type === 1 ? 4 : 16)).toString('hex');
  const port = (await read(2)).readUInt16BE();
  asked.push(`${type} ${host} ${port}`);
  if (refusal !== 0) return answer(5, refusal, 0, 1, 0, 0, 0, 0, 0, 0);
  const upstream = connect(port, '127.0.0.1', () => {
    void answer(5, 0, 0, ...bound, 0, 0).then(() => join(upstream, socket));
  });
  upstream.on('error', () => {}).on('close', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
}

function join(one: Socket, other: Socket): void {
  one.on('data', (chunk) => other.write(chunk)).on('end', () => other.end());
  other
    .removeAllListeners('readable')
    .on('data', (chunk) => one.write(chunk))
    .on('end', () => one.end());
}

function readerOf(socket: Socket): (count: number) => Promise<Buffer> {
  let wake = (): void => {};
  socket.on('readable', () => wake());
  return async (count) => {
    for (;;) {
      const bytes: Buffer | null = count === 0 ? Buffer.alloc(0) : socket.read(count);
      if (bytes) return bytes;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
}
