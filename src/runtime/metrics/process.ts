import { readdirSync, readFileSync } from 'node:fs';
import type { Counter, Gauge, Registry } from './types.js';

/**
 * Metrics of this process under the names of prom-client, filled when they are read. What only the proc file system of Linux knows is
 * missing elsewhere. Returns what ends the filling.
 */
export function addProcessMetrics(registry: Registry): () => void {
  const fills = [cpu, memory, descriptors, heap, resources].map((add) => add(registry));
  registry
    .gauge({ name: 'process_start_time_seconds', help: 'Start time of the process since the epoch in seconds.' })
    .set(Math.round(Date.now() / 1000 - process.uptime()));
  version(registry);
  return registry.onCollect(() => {
    for (const fill of fills) fill();
  });
}

function cpu(registry: Registry): () => void {
  const counter = (kind: string, help: string): Counter =>
    registry.counter({ name: `process_cpu_${kind}seconds_total`, help: `${help} CPU time in seconds.` });
  const [user, system, total] = [counter('user_', 'User'), counter('system_', 'System'), counter('', 'Total')];
  let last: NodeJS.CpuUsage = { user: 0, system: 0 };
  return () => {
    const used = process.cpuUsage(last);
    last = { user: last.user + used.user, system: last.system + used.system };
    user.inc(used.user / 1e6);
    system.inc(used.system / 1e6);
    total.inc((used.user + used.system) / 1e6);
  };
}

function memory(registry: Registry): () => void {
  const gauge = (name: string, what: string): Gauge =>
    registry.gauge({ name: `process_${name}_bytes`, help: `${what} in bytes.` });
  const resident = gauge('resident_memory', 'Resident memory');
  const isKnown = procFile('/proc/self/status') !== undefined;
  const virtual = isKnown ? gauge('virtual_memory', 'Virtual memory') : undefined;
  const data = isKnown ? gauge('heap', 'Data segment') : undefined;
  return () => {
    resident.set(process.memoryUsage.rss());
    const text = procFile('/proc/self/status') ?? '';
    virtual?.set(kilobytes(text, 'VmSize'));
    data?.set(kilobytes(text, 'VmData'));
  };
}

const kilobytes = (status: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) * 1024;

function descriptors(registry: Registry): () => void {
  const limits = procFile('/proc/self/limits');
  const most = /^Max open files\s+(\S+)/m.exec(limits ?? '')?.[1];
  if (most === undefined) return () => {};
  const open = registry.gauge({ name: 'process_open_fds', help: 'Open file descriptors.' });
  registry
    .gauge({ name: 'process_max_fds', help: 'Most file descriptors that may be open.' })
    .set(most === 'unlimited' ? Number.POSITIVE_INFINITY : Number(most));
  return () => open.set(readdirSync('/proc/self/fd').length - 1);
}

function heap(registry: Registry): () => void {
  const total = registry.gauge({ name: 'nodejs_heap_size_total_bytes', help: 'Heap of V8 in bytes.' });
  const used = registry.gauge({ name: 'nodejs_heap_size_used_bytes', help: 'Used heap of V8 in bytes.' });
  const external = registry.gauge({
    name: 'nodejs_external_memory_bytes',
    help: 'Memory outside of the heap in bytes.',
  });
  const space = (kind: string): Gauge =>
    registry.gauge({
      name: `nodejs_heap_space_size_${kind}_bytes`,
      help: `A space of the heap, ${kind}, in bytes.`,
      labelNames: ['space'],
    });
  const spaces = { total: space('total'), used: space('used'), available: space('available') };
  return () => {
    const usage = process.memoryUsage();
    total.set(usage.heapTotal);
    used.set(usage.heapUsed);
    external.set(usage.external);
    for (const each of process.getBuiltinModule('node:v8').getHeapSpaceStatistics()) {
      const name = each.space_name.replace(/_space$/, '');
      spaces.total.labels(name).set(each.space_size);
      spaces.used.labels(name).set(each.space_used_size);
      spaces.available.labels(name).set(each.space_available_size);
    }
  };
}

/** What keeps the process alive, by type. */
function resources(registry: Registry): () => void {
  const help = 'Resources that keep the event loop alive';
  const active = registry.gauge({ name: 'nodejs_active_resources', help: `${help}, by type.`, labelNames: ['type'] });
  const total = registry.gauge({ name: 'nodejs_active_resources_total', help: `${help}.` });
  const seen = new Set<string>();
  return () => {
    const names = process.getActiveResourcesInfo();
    for (const name of names) seen.add(name);
    for (const name of seen) active.labels(name).set(names.filter((each) => each === name).length);
    total.set(names.length);
  };
}

function version(registry: Registry): void {
  const labelNames = ['version', 'major', 'minor', 'patch'];
  const [major = '', minor = '', patch = ''] = process.versions.node.split('.');
  registry
    .gauge({ name: 'nodejs_version_info', help: 'Version of Node.js.', labelNames })
    .labels(process.version, major, minor, patch)
    .set(1);
}

function procFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
