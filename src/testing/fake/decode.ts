import { load } from 'js-yaml';
import { isMembers } from '../../runtime/json.js';
import { apiVersionOf, type K8sObject } from '../../runtime/resource.js';
import { checkMetadata } from '../../validate/metadata.js';
import type { Call } from './call.js';
import { badRequest, invalid, invalidOption, unsupportedMediaType } from './status.js';

/** The body as JSON or YAML. */
export function parseBody(text: string, describe: (problem: string) => string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return parseYaml(text, describe((error as Error).message));
  }
}

function parseYaml(text: string, message: string): unknown {
  try {
    const value: unknown = load(text);
    if (isMembers(value)) return value;
  } catch {
    // Neither JSON nor YAML: the error of JSON is the one to show.
  }
  throw badRequest(message);
}

const textTypes = ['application/json', 'application/yaml'];

/** The object of a body, which fits the kind, the name and the namespace of the request. */
export function decodeObject(call: Call): K8sObject {
  const { kind } = call.kind.resource;
  if (call.headers['content-type']?.includes('protobuf')) throw unsupportedMediaType(textTypes);
  const unrecognized = (problem: string): string =>
    `the object provided is unrecognized (must be of type ${kind}): ${problem}`;
  const value = parseBody(call.body, (problem) =>
    unrecognized(`couldn't get version/kind; json parse error: ${problem}`),
  );
  if (!isMembers(value)) throw badRequest(unrecognized('it is not an object'));
  if (call.kind.custom && value.kind === undefined) {
    throw badRequest(unrecognized(`Object 'Kind' is missing in '${call.body}'`));
  }
  return checkIdentity(call, { apiVersion: apiVersionOf(call.kind.resource), kind, ...value });
}

/** Refuses an object of another kind, name or namespace than the request; fills in what the request says. */
export function checkIdentity(call: Call, object: K8sObject): K8sObject {
  checkType(call, object);
  checkMetadataTypes(call, object);
  const metadata = isMembers(object.metadata) ? (object.metadata as NonNullable<K8sObject['metadata']>) : {};
  if (call.namespace !== undefined && metadata.namespace && metadata.namespace !== call.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (call.name !== undefined && metadata.name && metadata.name !== call.name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${call.name})`);
  }
  const { namespace: _, ...rest } = metadata;
  const place = { ...(call.name && { name: call.name }), ...(call.namespace && { namespace: call.namespace }) };
  return { ...object, metadata: { ...rest, ...place } };
}

function checkMetadataTypes({ kind: { resource } }: Call, { metadata = {} }: K8sObject): void {
  const [wrong] = checkMetadata(metadata as Parameters<typeof checkMetadata>[0], 'metadata');
  if (!wrong) return;
  const { kind, version } = resource;
  throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${wrong.path}: ${wrong.message}`);
}

function checkType({ kind: { resource, custom } }: Call, { apiVersion, kind = '', metadata }: K8sObject): void {
  const expected = apiVersionOf(resource);
  if (apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    );
  }
  if (kind === resource.kind) return;
  if (!custom) throw badRequest(`${expected}, Kind=${kind} is not ${resource.kind}`);
  throw invalid({ group: resource.group, kind }, metadata?.name ?? '', [
    { path: 'kind', message: `Invalid value: ${JSON.stringify(kind)}: must be ${resource.kind}` },
  ]);
}

const optionKinds: Readonly<Record<string, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
  deletecollection: 'DeleteOptions',
};

/** Refuses values of dryRun and fieldValidation that do not exist. */
export function checkOptions({ verb, query }: Call): void {
  const kind = optionKinds[verb];
  if (!kind) return;
  const { dryRun, fieldValidation } = query;
  if (dryRun !== undefined && dryRun !== '' && dryRun !== 'All') {
    throw invalidOption(kind, 'dryRun', `Unsupported value: ${JSON.stringify([dryRun])}: supported values: "All"`);
  }
  if (fieldValidation !== undefined && !/^(|Ignore|Strict|Warn)$/.test(fieldValidation)) {
    const supported = 'supported values: "", "Ignore", "Strict", "Warn"';
    const fact = `Unsupported value: ${JSON.stringify(fieldValidation)}: ${supported}`;
    throw invalidOption(kind, 'fieldValidation', fact);
  }
}
