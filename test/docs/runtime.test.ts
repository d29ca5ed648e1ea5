import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as runtime from '../../src/runtime/index.js';
import { metrics } from '../../src/runtime/metrics/index.js';
import { countWatchProblem } from '../../src/runtime/metrics/watch.js';
import '../../src/runtime/metrics/webhook.js';
import { fakeCluster, type ServedCluster, serveCluster } from '../../src/testing/index.js';
import { bundleOperator, startOperator } from '../support/operator.js';
import { tempFolder } from '../support/temp.js';
import { checkPrograms, writeFiles } from './checks.js';
import { readPage } from './page.js';

const page = readPage('docs/runtime.md');
const sectionOf = (title: string): string =>
  new RegExp(`^(#+) ${title}\\n([\\s\\S]*?)(?=^#{1,3} |$(?![\\s\\S]))`, 'm').exec(page.text)?.[2] ?? '';
const rowsOf = (title: string): readonly string[] =>
  sectionOf(title)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1);

const firstCells = (title: string): readonly string[] => rowsOf(title).map((row) => row.split(' | ')[0] ?? '');

function helpText(): string {
  try {
    runtime.managerFlags(['--help'], {});
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** Makes the series of requests: metrics without a series are not served. */
async function failingRequest(): Promise<void> {
  const config = { getCurrentCluster: () => ({ server: 'http://127.0.0.1:1' }), applyToHTTPSOptions: async () => {} };
  const { cluster, close } = runtime.connect({ cluster: config });
  await expect(cluster.request({ method: 'GET', path: '/' })).rejects.toThrow();
  close();
}

describe('docs/runtime.md', () => {
  checkPrograms(page);

  test('names everything that opgen/runtime exports', () => {
    const missing = Object.keys(runtime).filter((name) => !new RegExp(`\\b${name}\\b`).test(page.text));
    expect(missing).toEqual([]);
  });

  test('has the flags of an operator, and no others', () => {
    const flags = (text: string) => [...new Set(text.match(/(?<![\w-])--[a-z][a-z-]+|\bWATCH_NAMESPACE\b/g))].sort();
    const documented = flags(firstCells('Flags').join('\n'));
    expect(documented).toEqual(flags(helpText().replaceAll(/^( +\S+).*$/gm, '$1')));
    expect(documented.length).toBeGreaterThan(5);
  });

  test('has the metrics of the runtime, and no others', async () => {
    await failingRequest();
    countWatchProblem('widgets.example.com', 'broken');
    const served = [...(await metrics.registry.metrics()).matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
    const table = firstCells('Metrics').flatMap((cell) => cell.match(/\b[a-z]+_\w*\*?/g) ?? []);
    const covers = (pattern: string, name: string): boolean =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
    const own = served.filter((name) =>
      /^(controller_runtime|workqueue|leader|rest_client|certwatcher|opgen)_/.test(name),
    );
    expect(own.length).toBeGreaterThan(15);
    expect(own.filter((name) => !table.some((pattern) => covers(pattern, name)))).toEqual([]);
    const notHere = /^(rest_client_re(quest|sponse)_(duration|size|retries)|process_|nodejs_)/;
    expect(table.filter((each) => !notHere.test(each) && !served.some((name) => covers(each, name)))).toEqual([]);
  });

  const faults = rowsOf('What happens when…').map((row) => row.split(' | ').at(-1) ?? '');
  const proofs = faults.flatMap((cell) =>
    [...cell.matchAll(/`([^`]+)`: ((?:"[^"]+"(?:, )?)+)/g)].flatMap(([, file = '', titles = '']) =>
      [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ file: `test/${file}`, title })),
    ),
  );

  test('has a test for every fault', () => {
    expect(faults.length).toBeGreaterThan(30);
    expect(faults.filter((cell) => !/`[^`]+\.test\.ts`: "/.test(cell))).toEqual([]);
    const missing = proofs.filter(({ file, title }) => !readFileSync(file, 'utf8').includes(title));
    expect(missing).toEqual([]);
  });

  test('links to headings that are there', () => {
    const anchorOf = (heading: string): string =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-');
    const anchors = [...page.text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)].map(
      ([, heading = '']) => anchorOf(heading),
    );
    const links = [...page.text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
    expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
    expect(new Set(anchors).size, 'each heading is there once').toBe(anchors.length);
  });
});

describe('the first project of docs/runtime.md', () => {
  const website = { group: 'example.com', version: 'v1', kind: 'Website', plural: 'websites', namespaced: true };
  const deployments = { group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments', namespaced: true };
  const key = { name: 'a', namespace: 'default' };
  const cluster = fakeCluster({ resources: [website] });
  let served: ServedCluster;
  beforeAll(async () => {
    served = await serveCluster(cluster);
  });
  afterAll(() => served?.stop());

  test('reconciles as a process of its own, and ends in order', async () => {
    const folder = tempFolder();
    writeFiles(page, folder);
    const bundle = join(folder, 'main.mjs');
    await bundleOperator(folder, bundle);
    const operator = await startOperator({ bundle, kubeconfig: served.kubeconfig });
    await operator.ready();
    const object = {
      apiVersion: 'example.com/v1',
      kind: 'Website',
      metadata: key,
      spec: { image: 'nginx', replicas: 2 },
    };
    await cluster.client.create(website, object);
    const message = async () => {
      const stored = (await cluster.client.get(website, key)) as {
        status?: { conditions?: { reason: string; message: string }[] };
      };
      return stored.status?.conditions?.map((each) => `${each.reason}: ${each.message}`).join();
    };
    await expect.poll(message, { timeout: 20_000 }).toBe('PodsMissing: 0 of 2 pods are ready');
    const status = { readyReplicas: 2 };
    await cluster.client.status.patch(deployments, { metadata: key }, { type: 'merge', body: { status } });
    await expect.poll(message, { timeout: 20_000 }).toBe('PodsReady: 2 of 2 pods are ready');
    expect(await operator.stop()).toBe(0);
  });
});
