/** A request; `my-space` in its path and its body stands for the namespace of the scenario. */
export interface Request {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly type?: string;
  readonly accept?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: answers are JSON of many shapes
export type Json = any;

/** A request, or what makes one of the answers so far. */
export type Step = Request | ((answers: readonly Json[]) => Request);

/** Requests whose answers are the same on the fake and on a real API server. */
export interface Scenario {
  readonly claim: string;
  readonly steps: readonly Step[];
  /** The fake forgets its history before the last step, as a real API server has done with version 1. */
  readonly forgets?: boolean;
  /** Steps whose bodies are known to differ, and why; their codes are the same. Each reason stands in docs/testing.md. */
  readonly differs?: { readonly steps: readonly number[]; readonly why: string };
}

export const samples = '/apis/conf.example.com/v1/namespaces/my-space/samples';
export const plans = '/apis/conf.example.com/v1/plans';
export const pairs = '/apis/conf.example.com/v1/namespaces/my-space/pairs';
export const configMaps = '/api/v1/namespaces/my-space/configmaps';
export const deployments = '/apis/apps/v1/namespaces/my-space/deployments';
export const services = '/api/v1/namespaces/my-space/services';

export const merge = 'application/merge-patch+json';
export const json = 'application/json-patch+json';
export const strategic = 'application/strategic-merge-patch+json';
export const applied = 'application/apply-patch+yaml';

export const get = (path: string, accept?: string): Request => ({ method: 'GET', path, ...(accept && { accept }) });
export const post = (path: string, body: unknown): Request => ({ method: 'POST', path, body });
export const put = (path: string, body: unknown): Request => ({ method: 'PUT', path, body });
export const patch = (path: string, body: unknown, type = merge): Request => ({ method: 'PATCH', path, body, type });
export const remove = (path: string, body?: unknown): Request => ({ method: 'DELETE', path, body });

/** Applies an object as a manager; `more` is the rest of the query, such as `&force=true`. */
export const apply = (manager: string, path: string, body: Json, more = ''): Request => {
  const name = body.metadata?.name ?? 'x';
  const [base, sub = ''] = path.split(' ');
  return patch(`${base}/${name}${sub}?fieldManager=${manager}${more}`, body, applied);
};

export const sample = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'conf.example.com/v1',
  kind: 'Sample',
  metadata: { name, ...metadata },
  spec,
});

export const plan = (name: string, level: number, metadata: object = {}) => ({
  apiVersion: 'conf.example.com/v1',
  kind: 'Plan',
  metadata: { name, ...metadata },
  spec: { level },
});

export const pair = (name: string, spec: object, version = 'v1') => ({
  apiVersion: `conf.example.com/${version}`,
  kind: 'Pair',
  metadata: { name },
  spec,
});

export const configMap = (name: string, data: object = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

export const deployment = (name: string, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'main:1' }] } },
    ...spec,
  },
});

export const service = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { clusterIP: 'None', selector: { app: name }, ports: [{ port: 80 }], ...spec },
});
