import { nearest } from '../../nearest.js';
import { ConfigError } from '../errors.js';
import { type ElectionFlags, electionByFlags } from '../leaderelection/flags.js';
import { createLogger, type LogLevel } from '../log.js';
import type { MetricsOptions } from '../metrics/options.js';
import type { ManagerOptions } from './types.js';

interface Flag {
  readonly value: string;
  readonly help: string;
  /** Alone it means `true`; its value may only follow after `=`. */
  readonly isSwitch?: true;
  /** `before` is what the flags on its left say. */
  options(value: string, before: Draft): Draft;
}

/** What the flags say so far. */
type Draft = ManagerOptions & { election?: ElectionFlags };

const flags: Readonly<Record<string, Flag>> = {
  '--kubeconfig': {
    value: 'FILE',
    help: 'the cluster to run against; default: $KUBECONFIG, the service account of the pod, ~/.kube/config',
    options: (kubeconfig) => ({ kubeconfig }),
  },
  '--health-probe-bind-address': {
    value: 'ADDRESS',
    help: 'where /healthz and /readyz answer, as in `:8081`; `0` = off, the default',
    options: (bindAddress) => ({ health: bindAddress === '0' ? false : { bindAddress } }),
  },
  '--metrics-bind-address': {
    value: 'ADDRESS',
    help: 'where /metrics answers, as in `:8443`; `0` = off; default: `:8443` in a pod, off elsewhere',
    options: (bindAddress, before) => withMetrics(before, { bindAddress }),
  },
  '--metrics-secure': {
    value: 'false',
    isSwitch: true,
    help: 'whether /metrics wants HTTPS and a bearer token; default: true',
    options: (value, before) => withMetrics(before, { secure: switchOf('--metrics-secure', value) }),
  },
  '--metrics-cert-path': {
    value: 'FOLDER',
    help: 'has tls.crt and tls.key for /metrics; default: a certificate that the operator signs itself',
    options: (certDir, before) => withMetrics(before, { certDir }),
  },
  '--leader-elect': {
    value: 'false',
    isSwitch: true,
    help: 'whether one replica of several works, that which holds the lease; default: false',
    options: (value, before) => withElection(before, { isOn: switchOf('--leader-elect', value) }),
  },
  '--leader-election-id': {
    value: 'NAME',
    help: 'the name of the lease, the same for all replicas',
    options: (id, before) => withElection(before, { id }),
  },
  '--leader-election-namespace': {
    value: 'NAMESPACE',
    help: 'where the lease is; default: the namespace of the pod',
    options: (namespace, before) => withElection(before, { namespace }),
  },
  '--log-level': {
    value: 'LEVEL',
    help: 'debug, info or error; default: info',
    options: (level) => ({ log: createLogger({ level: levelOf(level) }) }),
  },
};

/** Flags of operators that this version cannot honour: starting without what they ask for would be worse than not starting. */
const later: readonly (readonly [prefix: string, feature: string])[] = [['--webhook-', 'webhooks']];

/**
 * Options of a manager from the command line and the environment; default: those of the process. --help lists the flags.
 * They are given as `--flag value` or `--flag=value`, those that are true or false as `--flag` or `--flag=false`; the last one wins. The
 * variable WATCH_NAMESPACE is a comma list of the namespaces to watch; absent or empty: all. Throws ConfigError for anything else, and for
 * --help with its text.
 */
export function managerFlags(
  argv: readonly string[] = process.argv.slice(2),
  env: Record<string, string | undefined> = process.env,
): ManagerOptions {
  const draft: Draft = namespacesOf(env.WATCH_NAMESPACE ?? '');
  for (let at = 0; at < argv.length; ) {
    const [name = '', inline] = split(argv[at] ?? '');
    const flag = flagOf(name);
    const value = inline ?? (flag.isSwitch ? 'true' : argv[at + 1]);
    if (value === undefined || (inline === undefined && value.startsWith('--'))) throw missing(name, flag);
    Object.assign(draft, flag.options(value, draft));
    at += inline === undefined && !flag.isSwitch ? 2 : 1;
  }
  const { election = {}, ...options } = draft;
  return { ...options, ...electionByFlags(election) };
}

function split(word: string): readonly [name: string, value?: string] {
  const equals = word.indexOf('=');
  return equals < 0 || !word.startsWith('-') ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
}

function flagOf(name: string): Flag {
  if (name === '--help' || name === '-h') throw new ConfigError(helpText());
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (flag) return flag;
  const feature = later.find(([prefix]) => name.startsWith(prefix))?.[1];
  if (feature) {
    throw new ConfigError(
      `The flag ${name} asks for ${feature}, but this version of opgen/runtime has no ${feature} yet: leave the flag out`,
    );
  }
  if (!name.startsWith('-'))
    throw new ConfigError(`The operator takes flags only, but got ${JSON.stringify(name)}. ${advice}`);
  const near = nearest(name, Object.keys(flags));
  throw new ConfigError(`There is no flag ${name}. ${near ? `Did you mean ${near}?` : advice}`);
}

const withElection = ({ election }: Draft, more: ElectionFlags): Draft => ({ election: { ...election, ...more } });

const withMetrics = ({ metrics }: ManagerOptions, more: MetricsOptions): ManagerOptions => ({
  metrics: { ...metrics, ...more },
});

function switchOf(name: string, text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new ConfigError(`The flag ${name} must be true or false, but is ${JSON.stringify(text)}`);
}

const advice = '--help lists the flags.';

const missing = (name: string, { value }: Flag): ConfigError =>
  new ConfigError(`The flag ${name} must have a value, but has none: type ${name}=${value}`);

function levelOf(text: string): LogLevel {
  if (text === 'debug' || text === 'info' || text === 'error') return text;
  throw new ConfigError(`The flag --log-level must be debug, info or error, but is ${JSON.stringify(text)}`);
}

function namespacesOf(list: string): ManagerOptions {
  const names = list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  return names.length === 0 ? {} : { cache: { namespaces: Object.fromEntries(names.map((each) => [each, {}])) } };
}

const helpText = (): string =>
  [
    'Flags:',
    ...Object.entries(flags).map(([name, { value, help }]) => `  ${name} ${value}`.padEnd(40) + help),
    'Environment:',
    '  WATCH_NAMESPACE'.padEnd(40) + 'a comma list of the namespaces to watch; default: all',
  ].join('\n');
