import { accessSync, constants, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const programs = ['etcd', 'kube-apiserver'];
const projectFolder = join('bin', 'k8s');
const systemFolder = '/usr/local/kubebuilder/bin';

/**
 * The folder that holds etcd and kube-apiserver: `binDir`, else KUBEBUILDER_ASSETS, else the newest `bin/k8s/<version>` below the
 * working folder (where `setup-envtest --bin-dir bin` puts them), else /usr/local/kubebuilder/bin.
 */
export function findBinaries(binDir: string | undefined): string {
  const given = binDir ?? (process.env.KUBEBUILDER_ASSETS || undefined);
  if (given === undefined) return findInstalled();
  const missing = missingFrom(given);
  if (missing.length === 0) return resolve(given);
  const source = binDir === undefined ? 'KUBEBUILDER_ASSETS' : '`binDir`';
  throw refusal(`${source} names \`${given}\`, which lacks ${quoted(missing)}`);
}

function findInstalled(): string {
  const found = [...versions(), systemFolder].find((folder) => missingFrom(folder).length === 0);
  if (found !== undefined) return resolve(found);
  throw refusal(
    `KUBEBUILDER_ASSETS is not set, and neither \`${projectFolder}/<version>\` nor \`${systemFolder}\` has both`,
  );
}

function refusal(fact: string): Error {
  return new Error(
    `startEnvtest needs the programs ${quoted(programs)}, but ${fact}. ` +
      'hint: export KUBEBUILDER_ASSETS="$(setup-envtest use -p path)"',
  );
}

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' and ');

const missingFrom = (folder: string): string[] => programs.filter((program) => !isExecutable(join(folder, program)));

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Folders such as `bin/k8s/1.36.0-linux-amd64`, the newest first. */
function versions(): string[] {
  try {
    return readdirSync(projectFolder)
      .sort(compareVersions)
      .reverse()
      .map((name) => join(projectFolder, name));
  } catch {
    return [];
  }
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((name) => (name.match(/\d+/g) ?? []).slice(0, 3).map(Number)) as [
    number[],
    number[],
  ];
  const differing = left.findIndex((part, index) => part !== right[index]);
  return differing === -1 ? 0 : left[differing]! - (right[differing] ?? 0);
}
