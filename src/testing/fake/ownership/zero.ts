import { builtinTable } from '../../../k8s/table.js';
import { isMembers } from '../../../runtime/json.js';
import { apiVersionOf, type K8sObject } from '../../../runtime/resource.js';
import type { ServedKind } from '../kinds.js';
import { builtinTypeName } from './type.js';

/** Fields of built-in types that are there even in an empty object, because Go has them as structs and not as pointers. */
const structs: ReadonlySet<string> = new Set(
  'metadata spec status template strategy updateStrategy jobTemplate loadBalancer scaleTargetRef daemonEndpoints kubeletEndpoint nodeInfo'.split(
    ' ',
  ),
);

/** What a new object of a kind is compared with: custom ones begin with nothing, built-in ones with their empty structs. */
export function emptyOf({ resource, custom }: ServedKind): K8sObject {
  const { kind } = resource;
  const name = custom ? undefined : builtinTypeName(resource);
  return { ...(name !== undefined && structsOf(name)), apiVersion: apiVersionOf(resource), kind };
}

function structsOf(name: string): Record<string, unknown> {
  const properties = builtinTable().schemaOf(name)?.properties;
  const entries = Object.entries(isMembers(properties) ? properties : {}).flatMap(
    ([field, schema]): [string, unknown][] => {
      const isStruct = structs.has(field) && isMembers(schema) && typeof schema.$ref === 'string';
      return isStruct ? [[field, structsOf(String(schema.$ref))]] : [];
    },
  );
  return Object.fromEntries(entries);
}
