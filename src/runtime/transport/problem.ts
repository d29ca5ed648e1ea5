import { ConfigError, NoAnswerError } from '../errors.js';
import { messageOf } from '../log.js';
import type { Endpoint } from './endpoint.js';

type Coded = Error & { code?: string; errors?: Error[] };

const untrusted = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_(?!HAS_EXPIRED)\w+)$/;
const hints: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'renew the certificate of the API server, or check the clock of this machine',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-server-name of the cluster names the host that the certificate is for',
  EPROTO: 'check `server` of the cluster: the port may not speak TLS, or not this version of it',
};

/** Why there was no answer, for people. The error keeps the `code` of its cause. */
export function noAnswer({ server, trust }: Endpoint, error: unknown): Error {
  const cause = firstOf(error as Coded);
  const { code } = cause;
  const reason = messageOf(cause);
  if (code !== undefined && untrusted.test(code)) {
    const rule = `The certificate of the API server ${server} must be trusted by ${trust}`;
    return coded(`${rule}, but it is not: ${reason}. hint: give its authority as certificate-authority`, cause);
  }
  const hint = hints[code ?? ''];
  return coded(`The API server ${server} cannot be reached: ${reason}${hint ? `. hint: ${hint}` : ''}`, cause);
}

/** Why a request cannot be authenticated. */
export function noCredentials({ server }: Endpoint, error: unknown): Error {
  if (error instanceof ConfigError) return error;
  return new Error(`There are no credentials for the API server ${server}: ${messageOf(error)}`, { cause: error });
}

/** Why an answer broke off. */
export function brokenAnswer({ server }: Endpoint, error: unknown): Error {
  return coded(`The answer of the API server ${server} broke off: ${messageOf(error)}`, error as Coded);
}

/** A host with several addresses fails with one error for each. */
const firstOf = (error: Coded): Coded => (error.message === '' && error.errors?.[0] ? error.errors[0] : error);

const coded = (message: string, cause: Coded): NoAnswerError => new NoAnswerError(message, { cause, code: cause.code });
