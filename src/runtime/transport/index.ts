export type { Credentials, Endpoint, TlsIdentity } from './endpoint.js';
export { createTransport, type Transport, type TransportOptions } from './transport.js';
