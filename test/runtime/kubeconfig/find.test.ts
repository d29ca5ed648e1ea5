import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/runtime/errors.js';
import { endpointOf, flattenKubeconfig } from '../../../src/runtime/kubeconfig/index.js';
import { createCertificate } from '../../support/certificate.js';
import { base64, find, folderWith, kubeconfigOf } from './kubeconfigs.js';

const authority = createCertificate('authority');

function config(name: string, server: string, extra: object = {}): string {
  return JSON.stringify({
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: { token: server } }],
    ...extra,
  });
}

const serverOf = (options: Parameters<typeof find>[0]): string => endpointOf(find(options)).server;

describe('the first place that has a cluster counts', () => {
  const pod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
  const world = () => {
    const folder = folderWith({
      explicit: kubeconfigOf({ server: 'https://explicit' }),
      listed: kubeconfigOf({ server: 'https://listed' }),
      '.kube/config': kubeconfigOf({ server: 'https://home' }),
      'pod/token': 'pod-token\n',
      'pod/ca.crt': authority.cert,
    });
    return { folder, options: { home: folder, serviceAccount: join(folder, 'pod') } };
  };

  test('kubeconfig', () => {
    const { folder, options } = world();
    const env = { ...pod, KUBECONFIG: join(folder, 'listed') };
    const choice = find({ ...options, env, kubeconfig: join(folder, 'explicit') });
    expect(choice.source).toBe(`${join(folder, 'explicit')} (context main)`);
    expect(endpointOf(choice).server).toBe('https://explicit');
  });

  test('then KUBECONFIG', () => {
    const { folder, options } = world();
    expect(serverOf({ ...options, env: { ...pod, KUBECONFIG: join(folder, 'listed') } })).toBe('https://listed');
  });

  test('then the pod', async () => {
    const choice = find({ ...world().options, env: pod });
    expect(choice.source).toBe('the service account of the pod');
    const endpoint = endpointOf(choice);
    expect(endpoint.server).toBe('https://10.0.0.1:443');
    expect(await endpoint.credentials()).toEqual({
      tls: { ca: authority.cert },
      headers: { authorization: 'Bearer pod-token' },
    });
  });

  test('then the home', () => {
    expect(serverOf(world().options)).toBe('https://home');
  });

  test('a context is never that of the pod', () => {
    expect(serverOf({ ...world().options, env: pod, context: 'main' })).toBe('https://home');
  });

  test('the address of a pod may be IPv6', () => {
    expect(serverOf({ ...world().options, env: { ...pod, KUBERNETES_SERVICE_HOST: 'fd00::1' } })).toBe(
      'https://[fd00::1]:443',
    );
  });
});

describe('KUBECONFIG', () => {
  const list = (folder: string, ...names: string[]) => ({
    KUBECONFIG: names.map((name) => join(folder, name)).join(delimiter),
  });

  test('is merged: the first counts, for each name and for the current context', async () => {
    const folder = folderWith({
      a: config('one', 'https://a-one', { 'current-context': 'two' }),
      b: config('two', 'https://b-two', { 'current-context': 'one' }),
      c: config('two', 'https://c-two'),
    });
    const choice = find({ env: list(folder, 'a', 'b', 'c') });
    expect(choice.source).toBe(`${join(folder, 'b')} (context two)`);
    const endpoint = endpointOf(choice);
    expect(endpoint.server).toBe('https://b-two');
    expect((await endpoint.credentials()).headers).toEqual({ authorization: 'Bearer https://b-two' });
    expect(serverOf({ env: list(folder, 'a', 'b', 'c'), context: 'one' })).toBe('https://a-one');
  });

  test('may name files that are missing, and empty ones', () => {
    const folder = folderWith({ empty: '', a: config('one', 'https://one', { 'current-context': 'one' }) });
    expect(serverOf({ env: list(folder, 'missing', 'empty', 'a') })).toBe('https://one');
  });

  test('has paths relative to the file that they stand in', async () => {
    const folder = folderWith({
      'a/config': JSON.stringify({
        'current-context': 'x',
        contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
        users: [{ name: 'x', user: { tokenFile: 'token' } }],
      }),
      'a/token': 'right',
      'b/config': JSON.stringify({
        clusters: [{ name: 'x', cluster: { server: 'https://x', 'certificate-authority': 'ca.crt' } }],
      }),
      'b/ca.crt': authority.cert,
    });
    const endpoint = endpointOf(find({ env: list(folder, 'a/config', 'b/config') }));
    expect(await endpoint.credentials()).toEqual({
      tls: { ca: authority.cert },
      headers: { authorization: 'Bearer right' },
    });
  });
});

test('the text of a flat kubeconfig works elsewhere', async () => {
  const folder = folderWith({
    config: kubeconfigOf({ server: 'https://x', 'certificate-authority': 'ca.crt' }, { tokenFile: 'token' }),
    token: 'right',
    'ca.crt': authority.cert,
  });
  const flat = folderWith({ config: flattenKubeconfig(find({ kubeconfig: join(folder, 'config') })) });
  const endpoint = endpointOf(find({ kubeconfig: join(flat, 'config') }));
  expect(endpoint.server).toBe('https://x');
  expect(await endpoint.credentials()).toEqual({
    tls: { ca: authority.cert },
    headers: { authorization: 'Bearer right' },
  });
});

describe('a mistake is a ConfigError of one line', () => {
  const client = createCertificate('client');
  const context = (name: string, fields: object) => ({ name, context: fields });
  const two = { contexts: [context('kind-dev', { cluster: 'a' }), context('prod', { cluster: 'a' })] };
  const user = (fields: object) => kubeconfigOf({}, fields as Record<string, unknown>);

  test.each<[string, string | object, string]>([
    ['bad YAML', 'a: 1\nb: [', '<file>:2:'],
    [
      'a key that is there twice',
      'users: []\nusers: []',
      '<file>:2:1: a kubeconfig must be YAML, but: duplicated mapping key',
    ],
    ['a list', '- 1', '<file>: a kubeconfig must be a map, but this file holds a list'],
    [
      'a huge file',
      `# ${'x'.repeat(1024 * 1024)}`,
      '<file>: a kubeconfig must be smaller than 1 MiB, but this file is larger',
    ],
    ['clusters that are no list', { clusters: {} }, '<file>: `clusters` must be a list, but it is a map'],
    [
      'an entry without a name',
      { users: [{ user: {} }] },
      '<file>: `users[0]` must have a text as `name`, but has none',
    ],
    ['an entry that is null', { users: [null] }, '<file>: `users[0]` must have a text as `name`, but has none'],
    [
      'an entry that is a text',
      { users: [{ name: 'a', user: 'b' }] },
      '<file>: the user `a` must have a map as `user`, but it is a string',
    ],
    [
      'a current context that is a number',
      { 'current-context': 1 },
      '<file>: `current-context` must be a text, but it is a number',
    ],
    [
      'no current context',
      two,
      '<file>: `current-context` must name a context, but it is empty. hint: kubectl config use-context kind-dev',
    ],
    ['an empty file', '', '<file>: `current-context` must name a context, but it is empty'],
    [
      'an unknown context',
      { ...two, 'current-context': 'kind-dve' },
      '<file>: the context `kind-dve` must be there, but the contexts are kind-dev, prod. hint: did you mean kind-dev?',
    ],
    [
      'an unknown cluster',
      { ...two, 'current-context': 'prod' },
      '<file>: the cluster `a` of the context `prod` must be there, but there are no clusters',
    ],
    [
      'a context without a cluster',
      { contexts: [context('x', {})], 'current-context': 'x' },
      '<file>: the context `x` must name a `cluster`, but has none',
    ],
    [
      'an unknown user',
      { contexts: [context('x', { cluster: 'a', user: 'u' })], clusters: [{ name: 'a' }], 'current-context': 'x' },
      '<file>: the user `u` of the context `x` must be there, but there are no users',
    ],
    [
      'another kind',
      { apiVersion: 'v1', kind: 'Secret', data: {} },
      '<file>: a kubeconfig must be a `v1 Config`, but this file holds a `v1 Secret`',
    ],
    [
      'another version',
      { apiVersion: 'v2', kind: 'Config' },
      '<file>: a kubeconfig must be a `v1 Config`, but this file holds a `v2 Config`',
    ],
    [
      'a server with a login',
      kubeconfigOf({ server: 'https://name:secret@x' }),
      '<file>: the cluster `main` must have a URL without a login as `server`, but it has one. hint: give it to the user',
    ],
    [
      'a server with a query',
      kubeconfigOf({ server: 'https://x?a=1#b' }),
      '<file>: the cluster `main` must have a URL without a query as `server`, but it is `https://x?a=1#b`',
    ],
    [
      'a token with a line break',
      user({ token: 'a\nb' }),
      '<file>: the user `main` must have one word as `token`, but it has blanks, line breaks or characters that no header takes',
    ],
    [
      'a token of blanks',
      user({ token: '  ' }),
      '<file>: the user `main` must have one word as `token`, but it is empty',
    ],
    [
      'arguments of a plugin that are no texts',
      user({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'x', args: ['a', { b: 1 }] } }),
      '<file>: the exec plugin of the user `main` must have a text as `args[1]`, but it is a map',
    ],
    [
      'variables of a plugin that are no maps',
      user({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'x', env: ['A=b'] } }),
      '<file>: the exec plugin of the user `main` must have a map as `env[0]`, but it is a string',
    ],
    [
      'a variable of a plugin without a name',
      user({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'x', env: [{ value: 'b' }] } }),
      '<file>: the exec plugin of the user `main` must have a text as `env[0].name`, but it is empty',
    ],
    [
      'arguments of a plugin that are no list',
      user({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'x', args: 'a b' } }),
      '<file>: the exec plugin of the user `main` must have a list as `args`, but it is a string',
    ],
    ['no server', kubeconfigOf({ server: '' }), '<file>: the cluster `main` must have a `server`, but has none'],
    [
      'a server that is no URL',
      kubeconfigOf({ server: 'localhost:8080' }),
      '<file>: the cluster `main` must have a URL with https:// or http:// as `server`, but it is `localhost:8080`',
    ],
    [
      'a proxy of another kind',
      kubeconfigOf({ 'proxy-url': 'socks4://p:1080' }),
      '<file>: `proxy-url` of the cluster `main` must be a proxy with http://, https:// or socks5://, but its URL begins with `socks4://`',
    ],
    [
      'a proxy that is none',
      kubeconfigOf({ 'proxy-url': 'http://' }),
      '<file>: `proxy-url` of the cluster `main` must be the URL of a proxy, but is `http://`',
    ],
    [
      'bad base64',
      kubeconfigOf({ 'certificate-authority-data': '%%' }),
      '<file>: the cluster `main` must have base64 as `certificate-authority-data`, but it has other characters',
    ],
    [
      'an authority that is not PEM',
      kubeconfigOf({ 'certificate-authority-data': base64('x') }),
      '<file>: the cluster `main` must have PEM as `certificate-authority-data`, but its content has no `-----BEGIN …-----` block',
    ],
    [
      'an authority that is no certificate',
      kubeconfigOf({ 'certificate-authority-data': base64(client.key) }),
      '<file>: the cluster `main` must have a certificate as `certificate-authority`, but: ',
    ],
    [
      'a key in place of its file',
      user({ 'client-certificate-data': base64(client.cert), 'client-key': client.key }),
      '<file>: the user `main` must have a path as `client-key`, but it has several lines',
    ],
    [
      'a missing authority',
      kubeconfigOf({ 'certificate-authority': 'ca.crt' }),
      '<file>: the cluster `main` must name a file that can be read as `certificate-authority`, but: ENOENT',
    ],
    [
      'an authority that does not count',
      kubeconfigOf({ 'certificate-authority-data': base64(client.cert), 'insecure-skip-tls-verify': true }),
      'has both `insecure-skip-tls-verify` and an authority',
    ],
    [
      'a flag that is a text',
      kubeconfigOf({ 'insecure-skip-tls-verify': 'yes' }),
      'must have true or false as `insecure-skip-tls-verify`, but it is a string',
    ],
    [
      'a token that is a number',
      user({ token: 12 }),
      '<file>: the user `main` must have a text as `token`, but it is a number. hint: put it into quotes',
    ],
    [
      'a token and a name',
      user({ token: 'a', username: 'b' }),
      'must have either a `token` or a `username`, but has both',
    ],
    [
      'a missing token file',
      user({ tokenFile: 'token' }),
      '<file>: the user `main` must name a file that can be read as `tokenFile`, but: ENOENT',
    ],
    [
      'a certificate without its key',
      user({ 'client-certificate-data': base64(client.cert) }),
      'must have a `client-key` for its `client-certificate`, but has none',
    ],
    [
      'a key without its certificate',
      user({ 'client-key-data': base64(client.key) }),
      'must have a `client-certificate` for its `client-key`, but has none',
    ],
    [
      'the key of another certificate',
      user({ 'client-certificate-data': base64(client.cert), 'client-key-data': base64(authority.key) }),
      'must have a client certificate with its key, but: ',
    ],
    ['an auth provider', user({ 'auth-provider': { name: 'gcp' } }), 'hint: use the exec plugin of your provider'],
    [
      'groups of nobody',
      user({ 'as-groups': ['a'] }),
      '<file>: the user `main` must name in `as` whom it impersonates, but has only more about them',
    ],
    [
      'groups that are no list',
      user({ as: 'a', 'as-groups': 'b' }),
      '<file>: the user `main` must have a list of texts as `as-groups`, but it is a string',
    ],
    [
      'groups that are no texts',
      user({ as: 'a', 'as-groups': ['b', 1] }),
      '<file>: the user `main` must have a list of texts as `as-groups`, but it is a list of others',
    ],
    [
      'more about a user that is no map',
      user({ as: 'a', 'as-user-extra': ['b'] }),
      '<file>: the user `main` must have a map of lists as `as-user-extra`, but it is a list',
    ],
    [
      'more about a user that is no list',
      user({ as: 'a', 'as-user-extra': { scopes: 'b' } }),
      '<file>: the user `main` must have a list of texts as `as-user-extra.scopes`, but it is a string',
    ],
    [
      'a name that is no header',
      user({ as: 'a\nb' }),
      '<file>: the user `main` must have a text that fits into a header as `as`, but it is `a…`',
    ],
    [
      'an exec plugin of another version',
      user({ exec: { apiVersion: 'client.authentication.k8s.io/v1alpha1', command: 'a' } }),
      'but it is `client.authentication.k8s.io/v1alpha1`',
    ],
    [
      'an exec plugin without a command',
      user({ exec: { apiVersion: 'client.authentication.k8s.io/v1' } }),
      '<file>: the exec plugin of the user `main` must have a `command`, but has none',
    ],
    [
      'an exec plugin that is a text',
      user({ exec: 'aws' }),
      '<file>: the user `main` must have a map as `exec`, but it is a string',
    ],
  ])('%s', (_, content, message) => {
    const file = join(
      folderWith({ config: typeof content === 'string' ? content : JSON.stringify(content) }),
      'config',
    );
    const error = mistakeOf(() => endpointOf(find({ kubeconfig: file })));
    expect(error.message).toContain(message.replace('<file>', file));
    expect(error.message).not.toContain('\n');
  });

  function mistakeOf(call: () => unknown): Error {
    try {
      call();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      return error as Error;
    }
    return expect.fail('there was no error');
  }

  test('no kubeconfig at all', () => {
    expect(mistakeOf(() => find({})).message).toBe(
      'There must be a kubeconfig to reach a cluster, but KUBECONFIG is not set, this is no pod, and ' +
        `${join('/nowhere', '.kube', 'config')} is missing. hint: give --kubeconfig=<file>, or set KUBECONFIG`,
    );
  });

  test('a pod without its token', () => {
    const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
    expect(mistakeOf(() => find({ env })).message).toContain(`the pod has no ${join('/nowhere', 'token')}`);
  });

  test('a KUBECONFIG without any file', () => {
    const KUBECONFIG = `/nowhere/a${delimiter}/nowhere/b`;
    expect(mistakeOf(() => find({ env: { KUBECONFIG } })).message).toContain(`but it is \`${KUBECONFIG}\``);
  });

  test('a file that is missing, a folder, or not readable', () => {
    const folder = folderWith({ secret: '' });
    expect(mistakeOf(() => find({ kubeconfig: join(folder, 'x') })).message).toMatch(/\/x: a kubeconfig .*ENOENT/);
    expect(mistakeOf(() => find({ kubeconfig: folder })).message).toContain('EISDIR');
    chmodSync(join(folder, 'secret'), 0);
    if (process.getuid?.() === 0) return;
    expect(mistakeOf(() => find({ kubeconfig: join(folder, 'secret') })).message).toContain('EACCES');
  });
});
