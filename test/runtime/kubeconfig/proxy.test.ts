import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/runtime/errors.js';
import { endpointOf, proxyFromEnv } from '../../../src/runtime/kubeconfig/index.js';
import { endpointFor, find, folderWith, kubeconfigOf } from './kubeconfigs.js';

const through = (server: string, env: Record<string, string>): string | undefined =>
  proxyFromEnv(server, env)?.url.origin;

const HTTPS_PROXY = 'http://proxy:3128';

test.each<[string, Record<string, string>, string | undefined]>([
  ['https://api.example.com:6443', { HTTPS_PROXY }, HTTPS_PROXY],
  ['https://api.example.com:6443', { https_proxy: 'proxy:3128' }, HTTPS_PROXY],
  ['https://api.example.com:6443', { HTTP_PROXY: HTTPS_PROXY }, undefined],
  ['http://api.example.com', { HTTP_PROXY: HTTPS_PROXY }, HTTPS_PROXY],
  ['https://127.0.0.1:6443', { HTTPS_PROXY }, undefined],
  ['https://localhost:6443', { HTTPS_PROXY }, undefined],
  ['https://[::1]:6443', { HTTPS_PROXY }, undefined],
  ['https://api.example.com', { HTTPS_PROXY, NO_PROXY: '*' }, undefined],
  ['https://api.example.com', { HTTPS_PROXY, NO_PROXY: 'x, example.com' }, undefined],
  ['https://api.example.com', { HTTPS_PROXY, no_proxy: '.example.com' }, undefined],
  ['https://api.example.com', { HTTPS_PROXY, no_proxy: '*.example.com' }, undefined],
  ['https://API.example.com', { HTTPS_PROXY, NO_PROXY: 'api.EXAMPLE.com:443' }, undefined],
  ['https://api.example.com', { HTTPS_PROXY, NO_PROXY: 'api.example.com:6443' }, HTTPS_PROXY],
  ['https://example.com', { HTTPS_PROXY, NO_PROXY: '.example.com' }, HTTPS_PROXY],
  ['https://notexample.com', { HTTPS_PROXY, NO_PROXY: 'example.com' }, HTTPS_PROXY],
  ['https://10.0.0.1', { HTTPS_PROXY, NO_PROXY: '10.0.0.0/8' }, undefined],
  ['https://11.0.0.1', { HTTPS_PROXY, NO_PROXY: '10.0.0.0/8,fd00::/8,10.0.0.0/99,/8' }, HTTPS_PROXY],
  ['https://10.0.0.1:6443', { HTTPS_PROXY, NO_PROXY: '10.0.0.1' }, undefined],
  ['https://[fd00::1]', { HTTPS_PROXY, NO_PROXY: 'fd00::/8' }, undefined],
  ['https://[fd00::1]', { HTTPS_PROXY, NO_PROXY: 'fd00::1' }, undefined],
])('%s with %o goes through %s', (server, env, expected) => {
  expect(through(server, env)).toBe(expected);
});

test('what is no proxy is a mistake', () => {
  expect(() => through('https://a', { HTTPS_PROXY: 'ftp://p' })).toThrow(ConfigError);
  expect(() => through('https://a', { HTTPS_PROXY: 'http://' })).toThrow(
    'HTTPS_PROXY must be the URL of a proxy, but is `http://`',
  );
});

test.each([
  ['socks5://proxy', 'socks5://proxy'],
  ['socks5h://name:p%40ss@[fd00::1]:1081', 'socks5h://name:p%40ss@[fd00::1]:1081'],
  ['SOCKS5://proxy:1080/', 'socks5://proxy:1080/'],
])('%s is a proxy, of a cluster and of the environment', (text, href) => {
  expect(endpointFor({ server: 'https://api', 'proxy-url': text }).proxy?.url.href).toBe(href);
  expect(proxyFromEnv('https://api', { HTTPS_PROXY: text })?.url.href).toBe(href);
  expect(proxyFromEnv('http://api', { http_proxy: text })?.url.href).toBe(href);
});

test.each([
  ['socks4://p', 'must be a proxy with http://, https:// or socks5://, but its URL begins with `socks4://`'],
  ['socks5://', 'must be the URL of a proxy, but is `socks5://`'],
  ['socks5://:secret@p', 'must have a name and a password of at most 255 bytes, but they have 0 and 6'],
  [`socks5://${'n'.repeat(256)}@p`, 'but they have 256 and 0'],
  ['http://name:100%@p', 'must have its name and password encoded as in a URL, but they are not. hint: write %25'],
  ['http://name:secret@', 'must be the URL of a proxy, but is `http://…@`'],
])('%s is a mistake that tells no password', (text, message) => {
  const load = () => endpointFor({ server: 'https://api', 'proxy-url': text });
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(message);
  expect(load).not.toThrow(/secret/);
});

test('the proxy-url of a cluster comes before the environment', () => {
  const named = endpointFor({ server: 'https://api', 'proxy-url': 'https://user:pass@own:8443' });
  expect(named.proxy?.url.href).toBe('https://user:pass@own:8443/');
  const config = folderWith({ config: kubeconfigOf({ server: 'https://api' }) });
  const choice = find({ kubeconfig: `${config}/config` });
  expect(endpointOf(choice, { HTTPS_PROXY }).proxy?.url.origin).toBe(HTTPS_PROXY);
  expect(endpointOf(choice, {}).proxy).toBeUndefined();
});
