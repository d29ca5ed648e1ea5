import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFreePorts } from './ports.js';
import { type Place, type ServerProcess, startProcess, untilReady } from './process.js';
import { type Access, request, transportOf } from './request.js';

/** A running etcd. */
export interface Etcd extends ServerProcess {
  readonly url: string;
}

/** A running kube-apiserver with the access of an administrator. */
export interface ApiServer extends ServerProcess {
  readonly access: Access;
  readonly port: number;
}

/** Starts etcd on free ports. It skips fsync: the data lives as long as the tests. */
export function startEtcd(place: Place): Promise<Etcd> {
  return withFreePorts(2, async (clientPort, peerPort) => {
    const url = `http://127.0.0.1:${clientPort}`;
    const peerUrl = `http://127.0.0.1:${peerPort}`;
    const server = startProcess(place, 'etcd', [
      `--data-dir=${join(place.dir, 'etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      '--unsafe-no-fsync',
    ]);
    await untilReady(server, async () => (await fetch(`${url}/health`)).ok);
    return { ...server, url };
  });
}

/** Starts kube-apiserver on a free port, or again on the port that it had. */
export function startApiServer(place: Place, etcd: Etcd, port?: number): Promise<ApiServer> {
  const start = async (securePort: number): Promise<ApiServer> => {
    const server = startProcess(place, 'kube-apiserver', apiServerFlags(place.dir, etcd.url, securePort));
    const access = () => ({ url: `https://127.0.0.1:${securePort}`, ...credentials(place.dir) });
    await untilReady(server, async () => existsSync(certificateFile(place.dir)) && isServing(access()));
    return { ...server, access: access(), port: securePort };
  };
  return port === undefined ? withFreePorts(1, (free) => start(free as number)) : start(port);
}

/** The advertised address is given because the server looks for a default route otherwise, and ends where there is none. */
function apiServerFlags(dir: string, etcdUrl: string, port: number): string[] {
  const { tokenFile, signingKeyFile } = secretFiles(dir);
  return [
    `--etcd-servers=${etcdUrl}`,
    `--cert-dir=${dir}`,
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${signingKeyFile}`,
    `--service-account-signing-key-file=${signingKeyFile}`,
    `--token-auth-file=${tokenFile}`,
    '--authorization-mode=RBAC',
    '--disable-admission-plugins=ServiceAccount',
    '--allow-privileged',
  ];
}

const secretFiles = (dir: string) => ({
  tokenFile: join(dir, 'tokens.csv'),
  signingKeyFile: join(dir, 'service-account.key'),
});

/** Writes the token of an administrator and the key that signs the tokens of service accounts. */
export function writeSecrets(dir: string): void {
  const { tokenFile, signingKeyFile } = secretFiles(dir);
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  writeFileSync(signingKeyFile, key.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 });
  writeFileSync(tokenFile, `${randomBytes(32).toString('hex')},envtest,envtest,"system:masters"\n`, { mode: 0o600 });
}

/** The server signs its certificate itself; the file holds the authority too. */
const certificateFile = (dir: string): string => join(dir, 'apiserver.crt');

function credentials(dir: string): Pick<Access, 'ca' | 'token'> {
  const [token] = readFileSync(secretFiles(dir).tokenFile, 'utf8').split(',');
  return { ca: readFileSync(certificateFile(dir), 'utf8'), token: token as string };
}

async function isServing(access: Access): Promise<boolean> {
  const transport = transportOf(access);
  try {
    const ready = await request(transport, 'GET', '/readyz');
    return ready.status === 200 && (await request(transport, 'GET', '/api/v1/namespaces/default')).status === 200;
  } finally {
    transport.close();
  }
}
