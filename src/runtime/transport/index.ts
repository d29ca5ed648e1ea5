export type { Credentials, Endpoint, TlsIdentity } from './endpoint.js';
export { type ProxyServer, proxyLogin } from './proxy.js';
export { createTransport, type Transport, type TransportOptions } from './transport.js';
export { onceEach } from './warnings.js';
