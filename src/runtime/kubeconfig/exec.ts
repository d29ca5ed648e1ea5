import { type ExecFileException, execFile } from 'node:child_process';
import { dirname, isAbsolute, join } from 'node:path';
import type { ConfigError } from '../errors.js';
import { isMembers } from '../json.js';
import type { Credentials } from '../transport/index.js';
import { checkedPair } from './certificate.js';
import { type Entry, flagAt, mistake, textAt } from './entry.js';
import { type Lease, renewable } from './renewable.js';

export interface ExecUser {
  readonly user: Entry;
  readonly cluster: Entry;
  readonly exec: Readonly<Record<string, unknown>>;
}

interface Plugin {
  readonly entry: Entry;
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
const timeout = 60_000;
const maxBuffer = 1024 * 1024;

/** Credentials of a program, which runs again when they expire or are rejected. */
export function execCredentials({ user, cluster, exec }: ExecUser): (rejected?: Credentials) => Promise<Credentials> {
  const plugin = pluginOf({ ...user, title: `the exec plugin of ${user.title}`, fields: exec }, cluster);
  return renewable(async () => leaseOf(plugin, await run(plugin)));
}

function pluginOf(entry: Entry, cluster: Entry): Plugin {
  const apiVersion = textAt(entry, 'apiVersion') ?? '';
  if (!versions.includes(apiVersion))
    throw mistake(entry, `must have the apiVersion ${versions.join(' or ')}, but it is \`${apiVersion}\``);
  if (textAt(entry, 'interactiveMode') === 'Always')
    throw mistake(entry, 'must work without a terminal, but its `interactiveMode` is Always');
  const info = {
    spec: { interactive: false, ...(flagAt(entry, 'provideClusterInfo') && { cluster: clusterInfo(cluster) }) },
  };
  return {
    entry,
    apiVersion,
    command: commandOf(entry),
    args: listAt(entry, 'args').map(String),
    env: {
      ...variablesOf(entry),
      KUBERNETES_EXEC_INFO: JSON.stringify({ apiVersion, kind: 'ExecCredential', ...info }),
    },
  };
}

/** A path is relative to the file, a plain name is looked up in PATH. */
function commandOf(entry: Entry): string {
  const command = textAt(entry, 'command');
  if (command === undefined) throw mistake(entry, 'must have a `command`, but has none');
  return /[\\/]/.test(command) && !isAbsolute(command) ? join(dirname(entry.file), command) : command;
}

function listAt(entry: Entry, field: string): readonly unknown[] {
  const list = entry.fields[field] ?? [];
  if (Array.isArray(list)) return list;
  throw mistake(entry, `must have a list as \`${field}\`, but it is none`);
}

const variablesOf = (entry: Entry): Record<string, string> =>
  Object.fromEntries(
    listAt(entry, 'env')
      .filter(isMembers)
      .map(({ name, value }) => [String(name), String(value ?? '')]),
  );

/** The fields of a cluster that plugins get, where it has them. */
function clusterInfo({ fields }: Entry): object {
  const names = ['server', 'tls-server-name', 'insecure-skip-tls-verify', 'certificate-authority-data'];
  return Object.fromEntries(names.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]));
}

function run({ entry, command, args, env }: Plugin): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...env }, timeout, maxBuffer, encoding: 'utf8' as const };
    const child = execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error) reject(failure(entry, command, error, stderr));
      else resolve(stdout);
    });
    child.stdin?.on('error', () => {}).end();
  });
}

function failure(entry: Entry, command: string, error: ExecFileException, stderr: string): ConfigError {
  if (error.code === 'ENOENT') {
    const hint = textAt(entry, 'installHint');
    const advice = hint
      ? `. hint: ${hint.trim().replace(/\s+/g, ' ')}`
      : '. hint: install it, or add its folder to PATH';
    return mistake(entry, `needs the program \`${command}\`, but it is not there${advice}`);
  }
  const how = error.killed ? 'it took more than 60 seconds or printed too much' : `exit code ${error.code}`;
  const said = stderr.trim().split('\n').slice(-3).join(' ');
  return mistake(entry, `must print credentials, but \`${command}\` failed: ${how}${said && `: ${said}`}`);
}

function leaseOf({ entry, apiVersion }: Plugin, output: string): Lease<Credentials> {
  const { status, apiVersion: answered } = parsed(entry, output);
  if (answered !== apiVersion)
    throw mistake(entry, `must answer with the apiVersion ${apiVersion}, but answered with \`${String(answered)}\``);
  if (!isMembers(status)) throw mistake(entry, 'must answer with a `status`, but has none');
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status;
  const hasPair = typeof cert === 'string' && typeof key === 'string';
  if (!token && !hasPair)
    throw mistake(entry, 'must answer with a token, or a certificate with its key, but has neither');
  return {
    value: {
      tls: hasPair ? checkedPair(entry, { cert, key }) : {},
      headers: token ? { authorization: `Bearer ${String(token)}` } : {},
    },
    isGood: goodUntil(expiryOf(entry, expirationTimestamp)),
  };
}

function parsed(entry: Entry, output: string): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(output);
    if (isMembers(answer) && answer.kind === 'ExecCredential') return answer;
  } catch {
    // The same message as for other JSON.
  }
  throw mistake(entry, 'must print an ExecCredential as JSON, but printed something else');
}

/** Expiry is told as a time of day, so no other clock helps. */
const goodUntil = (time: number) => (): boolean => Date.now() < time;

function expiryOf(entry: Entry, timestamp: unknown): number {
  if (timestamp === undefined || timestamp === null) return Number.POSITIVE_INFINITY;
  const time = Date.parse(String(timestamp));
  if (Number.isFinite(time)) return time;
  throw mistake(entry, `must answer with an RFC 3339 time as expirationTimestamp, but it is \`${String(timestamp)}\``);
}
