import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** All connections that were ever made. */
  readonly sockets: readonly Socket[];
  readonly server: Server;
}

/** Serves HTTPS, or HTTP without options, on a free port of 127.0.0.1 until the test is over. */
export async function serve(listener: RequestListener, options?: ServerOptions): Promise<TestServer> {
  const server = options ? createHttps(options, listener) : createHttp(listener);
  const sockets: Socket[] = [];
  server.on(options ? 'secureConnection' : 'connection', (socket: Socket) => sockets.push(socket));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${options ? 'https' : 'http'}://127.0.0.1:${port}`, port, sockets, server };
}
