import type { Field, Struct } from './types.js';

/** What the kinds of the benchmark look like: the same structs in TypeScript and in Go. `maximum` is what a change changes. */
export function kindStructs(kind: string, index: number, maximum: number): readonly Struct[] {
  return [port(kind), storage(kind), limit(kind), spec(kind, index, maximum), status(kind)];
}

/** Types in a file of their own that every kind uses through a re-export. */
export const sharedStructs: readonly Struct[] = [
  {
    name: 'BackupPolicy',
    summary: 'BackupPolicy says when to save.',
    fields: [
      text('schedule', 'When to save, as cron says it.', ['MinLength=9', 'MaxLength=64', 'default="0 3 * * *"']),
      integer('keep', 'How many of them to keep.', ['Minimum=1', 'Maximum=30', 'default=7']),
    ],
  },
  {
    name: 'TlsReference',
    summary: 'TlsReference names a secret.',
    fields: [
      text('secretName', 'Name of the secret with both parts.', ['MinLength=1', 'MaxLength=253', 'example="tls"']),
      choice('minVersion', 'Lowest version that is accepted.', ['TLS12', 'TLS13'], ['default=TLS12', 'title=Version']),
    ],
  },
];

const port = (kind: string): Struct => ({
  name: `${kind}Port`,
  summary: 'A port on which each pod listens.',
  fields: [
    required(text('name', 'Name of the port in the service.', ['MinLength=1', 'MaxLength=15', 'Pattern=^[a-z]+$'])),
    integer('port', 'Number of the port in the pod.', ['Minimum=1', 'Maximum=65535', 'example=6379']),
    choice('protocol', 'Protocol that is spoken there.', ['TCP', 'UDP'], ['default=TCP', 'example=UDP', 'title=L4']),
  ],
});

const storage = (kind: string): Struct => ({
  name: `${kind}Storage`,
  summary: 'A volume of one of the pods.',
  fields: [
    text('className', 'Class of storage to ask for.', ['MinLength=1', 'MaxLength=253', 'example="fast"']),
    integer('gigabytes', 'Size of the volume in GiB.', ['Minimum=1', 'Maximum=4096', 'default=8']),
    choice(
      'reclaim',
      'What becomes of it in the end.',
      ['Retain', 'Delete'],
      ['default=Retain', 'example=Delete', 'title=End'],
    ),
  ],
});

const limit = (kind: string): Struct => ({
  name: `${kind}Limit`,
  summary: 'A pair of limits for one user.',
  fields: [
    integer('soft', 'Above this there is a warning.', ['Minimum=0', 'Maximum=1000', 'default=10']),
    integer('hard', 'Above this calls are refused.', ['Minimum=0', 'Maximum=1000', 'default=20']),
  ],
});

function spec(kind: string, index: number, maximum: number): Struct {
  return {
    name: `${kind}Spec`,
    summary: 'The state that the user wants.',
    fields: [
      integer('replicas', 'Number of pods that should run.', [
        'Minimum=0',
        `Maximum=${maximum}`,
        'default=1',
        'example=3',
      ]),
      text('image', 'Image that the container runs.', ['MinLength=1', 'MaxLength=256', 'example="a:1"']),
      text('host', 'Name under which it is found.', [
        'MinLength=1',
        'MaxLength=63',
        'Pattern=^[a-z0-9-]+$',
        'title=Host',
      ]),
      choice(
        'mode',
        'How the pods share the work.',
        ['Single', 'Cluster', 'Shard'],
        ['default=Single', 'example=Shard', 'title=Mode'],
      ),
      integer('timeout', 'How long a call may take, in s.', ['Minimum=1', 'Maximum=600', 'MultipleOf=5', 'default=30']),
      list(
        'ports',
        'Ports on which it listens.',
        [`${kind}Port`],
        ['MinItems=1', 'MaxItems=8', 'listType=map', 'listMapKey=name'],
      ),
      list(
        'zones',
        'Zones in which pods may run.',
        ['string'],
        ['MinItems=1', 'MaxItems=9', 'items:MaxLength=63', 'listType=set'],
      ),
      map(
        'labels',
        'Labels that every pod carries.',
        ['string'],
        ['MinProperties=1', 'MaxProperties=16', 'title=Labels'],
      ),
      map(
        'weights',
        'Share of the load by zone.',
        ['Int32', 'int32'],
        ['MaxProperties=9', 'title=Weights', 'mapType=atomic'],
      ),
      map(
        'limits',
        'Limits by the name of the user.',
        [`${kind}Limit`],
        ['MinProperties=1', 'MaxProperties=9', 'title=Limits'],
      ),
      plain('storage', 'The volume of each of the pods.', [`${kind}Storage`], ['title=Volume', 'structType=atomic']),
      plain('backup', 'When and how to save the data.', ['BackupPolicy'], ['title=Backup', 'structType=atomic']),
      plain('tls', 'Where the certificates stand.', ['TlsReference'], ['title=TLS', 'structType=atomic']),
      plain(
        'resources',
        'What each of the pods may use.',
        ['ResourceRequirements', 'corev1.ResourceRequirements'],
        ['title=Use'],
      ),
      list(
        'env',
        'Environment of the container.',
        ['EnvVar', 'corev1.EnvVar'],
        ['MaxItems=32', 'listType=map', 'listMapKey=name'],
      ),
      index % 2 === 1
        ? plain(
            'template',
            'The pods, where more is wanted.',
            ['PodTemplateSpec', 'corev1.PodTemplateSpec'],
            ['title=Pods'],
          )
        : plain(
            'paused',
            'Whether to leave it as it is.',
            ['boolean', 'bool'],
            ['default=false', 'example=true', 'title=Wait'],
          ),
    ],
  };
}

const status = (kind: string): Struct => ({
  name: `${kind}Status`,
  summary: 'The state that was observed.',
  fields: [
    choice('phase', 'Where it stands on its way.', ['Pending', 'Ready'], ['title=Phase']),
    integer('ready', 'How many of the pods are ready.', ['Minimum=0', 'Maximum=1000', 'title=Ready']),
    list(
      'conditions',
      'Aspects of the observed state.',
      ['Condition', 'metav1.Condition'],
      ['listType=map', 'listMapKey=type'],
    ),
  ],
});

type Names = readonly [typescript: string, go?: string];

const required = (field: Field): Field => ({ ...field, required: true });

function text(name: string, summary: string, markers: readonly string[]): Field {
  return { name, summary, typescript: 'string', go: 'string', markers };
}

function integer(name: string, summary: string, markers: readonly string[]): Field {
  return { name, summary, typescript: 'Int32', go: 'int32', markers };
}

function choice(name: string, summary: string, values: readonly string[], markers: readonly string[]): Field {
  const typescript = values.map((value) => `'${value}'`).join(' | ');
  return { name, summary, typescript, go: 'string', markers, goMarkers: [`Enum=${values.join(';')}`] };
}

function list(name: string, summary: string, [item, goItem = item]: Names, markers: readonly string[]): Field {
  return { name, summary, typescript: `${item}[]`, go: `[]${goItem}`, markers };
}

function map(name: string, summary: string, [value, goValue = value]: Names, markers: readonly string[]): Field {
  return { name, summary, typescript: `Record<string, ${value}>`, go: `map[string]${goValue}`, markers };
}

function plain(name: string, summary: string, [type, goType = type]: Names, markers: readonly string[]): Field {
  return { name, summary, typescript: type, go: goType, markers };
}
