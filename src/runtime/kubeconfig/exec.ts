import type { ExecFileException } from 'node:child_process';
import { dirname, isAbsolute, join } from 'node:path';
import type { ConfigError } from '../errors.js';
import { isMembers } from '../json.js';
import type { Credentials } from '../transport/index.js';
import { checkedPair } from './certificate.js';
import { type Entry, flagAt, kindOf, mistake, pemAt, shown, textAt } from './entry.js';
import { type Lease, renewable } from './renewable.js';
import { bearerOf } from './token.js';

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
    throw mistake(entry, `must have the apiVersion ${versions.join(' or ')}, but it is ${shown(apiVersion)}`);
  if (textAt(entry, 'interactiveMode') === 'Always')
    throw mistake(entry, 'must work without a terminal, but its `interactiveMode` is Always');
  const info = {
    spec: { interactive: false, ...(flagAt(entry, 'provideClusterInfo') && { cluster: clusterInfo(cluster) }) },
  };
  return {
    entry,
    apiVersion,
    command: commandOf(entry),
    args: listAt(entry, 'args').map((each, index) => wordOf(entry, `args[${index}]`, each)),
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
  throw mistake(entry, `must have a list as \`${field}\`, but it is ${kindOf(list)}`);
}

/** Numbers and booleans that lack quotes can only be meant as texts. */
function wordOf(entry: Entry, place: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw mistake(entry, `must have a text as \`${place}\`, but it is ${kindOf(value)}`);
}

function variablesOf(entry: Entry): Record<string, string> {
  const pairs = listAt(entry, 'env').map((each, index): [string, string] => {
    const place = `env[${index}]`;
    if (!isMembers(each)) throw mistake(entry, `must have a map as \`${place}\`, but it is ${kindOf(each)}`);
    return [wordOf(entry, `${place}.name`, each.name), wordOf(entry, `${place}.value`, each.value ?? '')];
  });
  return Object.fromEntries(pairs);
}

const passedOn = ['server', 'tls-server-name', 'insecure-skip-tls-verify', 'proxy-url', 'disable-compression'];

/** What plugins get of a cluster, where it has it: an authority as its content, and what the cluster has for plugins alone. */
function clusterInfo(cluster: Entry): object {
  const { fields } = cluster;
  const own = passedOn.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]);
  const ca = pemAt(cluster, 'certificate-authority');
  const config = configFor(fields.extensions);
  return {
    ...Object.fromEntries(own),
    ...(ca !== undefined && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
    ...(config !== undefined && { config }),
  };
}

function configFor(extensions: unknown): unknown {
  if (!Array.isArray(extensions)) return undefined;
  const own: unknown = extensions.find((each) => isMembers(each) && each.name === 'client.authentication.k8s.io/exec');
  return isMembers(own) ? own.extension : undefined;
}

/** The module is loaded where there is a plugin: most operators have none. */
async function run({ entry, command, args, env }: Plugin): Promise<string> {
  const { execFile } = await import('node:child_process');
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
    return mistake(entry, `needs the program ${shown(command)}, but it is not there${advice}`);
  }
  const how = error.killed ? 'it took more than 60 seconds or printed too much' : `exit code ${error.code}`;
  const said = stderr.trim().split('\n').slice(-3).join(' ');
  return mistake(entry, `must print credentials, but ${shown(command)} failed: ${how}${said && `: ${said}`}`);
}

function leaseOf({ entry, apiVersion }: Plugin, output: string): Lease<Credentials> {
  const { status, apiVersion: answered } = parsed(entry, output);
  if (answered !== apiVersion)
    throw mistake(entry, `must answer with the apiVersion ${apiVersion}, but answered with ${shown(String(answered))}`);
  if (!isMembers(status)) throw mistake(entry, 'must answer with a `status`, but has none');
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status;
  const hasPair = typeof cert === 'string' && typeof key === 'string';
  if (!token && !hasPair)
    throw mistake(entry, 'must answer with a token, or a certificate with its key, but has neither');
  return {
    value: {
      tls: hasPair ? checkedPair(entry, { cert, key }) : {},
      headers: token ? bearerOf(entry, 'token', token) : {},
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
  throw mistake(
    entry,
    `must answer with an RFC 3339 time as expirationTimestamp, but it is ${shown(String(timestamp))}`,
  );
}
