import { readFileSync } from 'node:fs';

/** The licences of the packages that these files are from: what is bundled must carry them along. */
export function licensesOf(files: readonly string[]): string {
  const packages = files.flatMap((file) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
  const texts = [...new Set(packages)].sort().map((name) => {
    const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string };
    return `${name} ${version}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n`;
  });
  return `The programs in this folder contain these packages:\n\n${texts.join('\n---\n\n')}`;
}
