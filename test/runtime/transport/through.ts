import { onTestFinished } from 'vitest';
import { createTransport, type Transport } from '../../../src/runtime/transport/index.js';
import { createCertificate } from '../../support/certificate.js';

export const authority = createCertificate('authority');
export const server = createCertificate('server', authority);

/** A transport to an API server behind a proxy, until the test is over. */
export function transportThrough(target: string, proxy: URL, tls: object = { ca: authority.cert }): Transport {
  const transport = createTransport({
    server: target,
    trust: 'the test authority',
    proxy: { url: proxy },
    credentials: async () => ({ tls, headers: {} }),
  });
  onTestFinished(transport.close);
  return transport;
}
