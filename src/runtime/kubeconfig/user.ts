import { isMembers } from '../json.js';
import type { Credentials, TlsIdentity } from '../transport/index.js';
import { checkedPair } from './certificate.js';
import { contentOf, type Entry, kindOf, mistake, pathAt, pemAt, textAt } from './entry.js';
import { execCredentials } from './exec.js';
import { impersonationOf } from './impersonation.js';
import { reread } from './renewable.js';
import { bearerOf } from './token.js';

/** What the user of a kubeconfig authenticates with, over the TLS part of the cluster. Throws ConfigError. */
export function credentialsOf(
  user: Entry,
  cluster: Entry,
  tls: () => TlsIdentity,
): (rejected?: Credentials) => Promise<Credentials> {
  refuseUnsupported(user);
  const { exec } = user.fields;
  if (exec !== undefined && exec !== null && !isMembers(exec))
    throw mistake(user, `must have a map as \`exec\`, but it is ${kindOf(exec)}`);
  const own = reread(
    (): Credentials => ({ tls: certificateOf(user), headers: { ...loginOf(user), ...impersonationOf(user) } }),
  );
  return joined(reread(tls), own, isMembers(exec) ? execCredentials({ user, cluster, exec }) : undefined);
}

/** Of equal parts the same credentials; what of them is renewable is so by their rejection. */
function joined(
  tls: () => TlsIdentity,
  own: (rejected?: Credentials) => Credentials,
  exec?: (rejected?: Credentials) => Promise<Credentials>,
) {
  let last: { parts: readonly [TlsIdentity, Credentials, Credentials | undefined]; value: Credentials } | undefined;
  return async (rejected?: Credentials): Promise<Credentials> => {
    const [, ownBefore, execBefore] = rejected && rejected === last?.value ? last.parts : [];
    const parts = [tls(), own(ownBefore), await exec?.(execBefore)] as const;
    if (last && parts.every((part, index) => part === last?.parts[index])) return last.value;
    const [base, ...users] = parts;
    const value = {
      tls: Object.assign({}, base, ...users.map((user) => user?.tls)) as TlsIdentity,
      headers: Object.assign({}, ...users.map((user) => user?.headers)) as Credentials['headers'],
    };
    last = { parts, value };
    return value;
  };
}

function refuseUnsupported(user: Entry): void {
  if (user.fields['auth-provider'] !== undefined)
    throw mistake(
      user,
      'has an `auth-provider`, which Kubernetes has removed. hint: use the exec plugin of your provider',
    );
  if (textAt(user, 'token') !== undefined && textAt(user, 'username') !== undefined)
    throw mistake(user, 'must have either a `token` or a `username`, but has both. hint: remove one');
}

/** A token file comes before a token. */
function loginOf(user: Entry): Record<string, string> {
  if (isMembers(user.fields.exec)) return {};
  const tokenFile = pathAt(user, 'tokenFile');
  if (tokenFile !== undefined) return bearerOf(user, 'tokenFile', tokenOf(user, tokenFile));
  const token = textAt(user, 'token');
  if (token !== undefined) return bearerOf(user, 'token', token);
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

function tokenOf(user: Entry, path: string): string {
  const token = contentOf(user, 'tokenFile', path).trim();
  if (token === '') throw mistake(user, `must have a token in its \`tokenFile\`, but ${path} is empty`);
  return token;
}
