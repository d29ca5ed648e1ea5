import { nearest } from '../../nearest.js';
import { ConfigError } from '../errors.js';
import { createLogger, type LogLevel } from '../log.js';
import type { ManagerOptions } from './types.js';

interface Flag {
  readonly value: string;
  readonly help: string;
  options(value: string): ManagerOptions;
}

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
  '--log-level': {
    value: 'LEVEL',
    help: 'debug, info or error; default: info',
    options: (level) => ({ log: createLogger({ level: levelOf(level) }) }),
  },
};

/** Flags of operators that this version cannot honour: starting without what they ask for would be worse than not starting. */
const later: readonly (readonly [prefix: string, feature: string])[] = [
  ['--leader-elect', 'leader election'],
  ['--metrics-', 'metrics'],
  ['--webhook-', 'webhooks'],
];

/**
 * Options of a manager from the command line and the environment; default: those of the process. Flags: --kubeconfig,
 * --health-probe-bind-address and --log-level, as `--flag value` or `--flag=value`; the last one wins. The variable WATCH_NAMESPACE is a
 * comma list of the namespaces to watch; absent or empty: all. Throws ConfigError for anything else, and for --help with the list of flags.
 */
export function managerFlags(
  argv: readonly string[] = process.argv.slice(2),
  env: Record<string, string | undefined> = process.env,
): ManagerOptions {
  const options: ManagerOptions = namespacesOf(env.WATCH_NAMESPACE ?? '');
  for (let at = 0; at < argv.length; ) {
    const [name = '', inline] = split(argv[at] ?? '');
    const flag = flagOf(name);
    const value = inline ?? argv[at + 1];
    if (value === undefined || (inline === undefined && value.startsWith('--'))) throw missing(name, flag);
    Object.assign(options, flag.options(value));
    at += inline === undefined ? 2 : 1;
  }
  return options;
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
