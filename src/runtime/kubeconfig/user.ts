import { isMembers } from '../json.js';
import type { Credentials, TlsIdentity } from '../transport/index.js';
import { checkedPair } from './certificate.js';
import { contentOf, type Entry, kindOf, mistake, pathAt, pemAt, textAt } from './entry.js';
import { execCredentials } from './exec.js';
import { renewable } from './renewable.js';

const tokenFileMilliseconds = 60_000;

/** What the user of a kubeconfig authenticates with, over the TLS part of the cluster. Throws ConfigError. */
export function credentialsOf(
  user: Entry,
  cluster: Entry,
  base: TlsIdentity,
): (rejected?: Credentials) => Promise<Credentials> {
  refuseUnsupported(user);
  const tls = { ...base, ...certificateOf(user) };
  const { exec } = user.fields;
  if (isMembers(exec)) return execCredentials({ user, cluster, exec, tls });
  if (exec !== undefined && exec !== null)
    throw mistake(user, `must have a map as \`exec\`, but it is ${kindOf(exec)}`);
  const tokenFile = pathAt(user, 'tokenFile');
  if (tokenFile !== undefined) return tokenFileCredentials(user, tokenFile, tls);
  const credentials = { tls, headers: headersOf(user) };
  return async () => credentials;
}

function refuseUnsupported(user: Entry): void {
  if (user.fields['auth-provider'] !== undefined)
    throw mistake(
      user,
      'has an `auth-provider`, which Kubernetes has removed. hint: use the exec plugin of your provider',
    );
  const impersonation = Object.keys(user.fields).find((field) => /^as(-|$)/.test(field));
  if (impersonation !== undefined)
    throw mistake(
      user,
      `has \`${impersonation}\`, but impersonation is not supported. hint: use a user with those rights`,
    );
  if (textAt(user, 'token') !== undefined && textAt(user, 'username') !== undefined)
    throw mistake(user, 'must have either a `token` or a `username`, but has both. hint: remove one');
}

function headersOf(user: Entry): Record<string, string> {
  const token = textAt(user, 'token');
  if (token !== undefined) return { authorization: `Bearer ${token.trim()}` };
  const name = textAt(user, 'username');
  if (name === undefined) return {};
  const pair = Buffer.from(`${name}:${textAt(user, 'password') ?? ''}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

function certificateOf(user: Entry): TlsIdentity {
  const cert = pemAt(user, 'client-certificate');
  const key = pemAt(user, 'client-key');
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined) throw mistake(user, 'must have a `client-certificate` for its `client-key`, but has none');
  if (key === undefined) throw mistake(user, 'must have a `client-key` for its `client-certificate`, but has none');
  return checkedPair(user, { cert, key });
}

/** The first reading is part of the start; a later one that fails leaves the token as it was. */
function tokenFileCredentials(user: Entry, path: string, tls: TlsIdentity) {
  const read = (): Credentials => ({ tls, headers: { authorization: `Bearer ${tokenOf(user, path)}` } });
  let last: Credentials | undefined = read();
  const next = (): Credentials => {
    try {
      return read();
    } catch (error) {
      if (last) return { ...last };
      throw error;
    }
  };
  return renewable(async () => {
    last = next();
    return { value: last, until: Date.now() + tokenFileMilliseconds };
  });
}

function tokenOf(user: Entry, path: string): string {
  const token = contentOf(user, 'tokenFile', path).trim();
  if (token === '') throw mistake(user, `must have a token in its \`tokenFile\`, but ${path} is empty`);
  return token;
}
