import type { ProxyServer } from './proxy.js';

/** The TLS part of an identity: PEM texts, and how the certificate of the server is checked. */
export interface TlsIdentity {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly pfx?: string | Buffer;
  readonly passphrase?: string;
  /** The name that the certificate of the server is for, where it is not the host of the URL. */
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** What a request authenticates with. */
export interface Credentials {
  readonly tls: TlsIdentity;
  /** Names in lower case; a list is a header for each of its values. */
  readonly headers: Readonly<Record<string, string | string[]>>;
}

/** Where an API server is, and who asks. */
export interface Endpoint {
  /** `https://host:port`, with a path where the API server is behind one. */
  readonly server: string;
  /** What its connections go through. */
  readonly proxy?: ProxyServer | undefined;
  /** What the certificate of the server is checked against, in words. */
  readonly trust: string;
  /**
   * The credentials for the next request; called for every one. `rejected` are credentials that the server answered 401 to: they are
   * renewed where that is possible, and equal ones come back where it is not.
   */
  credentials(rejected?: Credentials): Promise<Credentials>;
}
