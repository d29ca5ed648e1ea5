import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import { isList, isObject, memberAt, objectAt, sameJson, show, stringAt } from '../json.js';
import { isAbsent } from './absent.js';
import { answers } from './answers.js';
import { isOpen } from './fieldpath.js';
import type { Finding, Path, SchemaRule } from './rule.js';
import { below, nothing } from './rule.js';
import type { SchemaNode } from './walk.js';
import { isResource, junctors } from './walk.js';

const intOrString = 'x-kubernetes-int-or-string';
const preserve = 'x-kubernetes-preserve-unknown-fields';
const embedded = 'x-kubernetes-embedded-resource';

/** What describes structure, and so has no place inside a branch. */
const structure = [
  ...['type', 'additionalProperties', 'default', 'title', 'description', 'nullable', preserve, embedded, intOrString],
  ...['x-kubernetes-list-type', 'x-kubernetes-list-map-keys', 'x-kubernetes-map-type', 'x-kubernetes-validations'],
];

const typesOfIntOrString = [{ type: 'integer' }, { type: 'string' }];

export const structuralRules: readonly SchemaRule[] = [
  {
    id: 'ST1',
    claim: 'The root, every field and every item has a type',
    hint: 'declare a type, or keep any JSON with +kubebuilder:pruning:PreserveUnknownFields',
    server: answers.ST1,
    check(node) {
      const { schema } = node;
      if (node.nested || (schema.type !== undefined && schema.type !== '' && schema.type !== null)) return nothing;
      if (schema[intOrString] === true || schema[preserve] === true || schema[embedded] === true) return nothing;
      return [{ path: below(node.path, 'type'), detail: 'is missing' }];
    },
  },
  {
    id: 'ST2',
    claim: 'The root of a schema is an object without `additionalProperties`',
    hint: 'declare the kind as an interface with spec and status, and maps as fields of it',
    server: answers.ST2,
    on: ['type', 'additionalProperties'],
    check(node, key) {
      const value = node.schema[key];
      if (node.role !== 'root' || value === null || (key === 'type' && (value === 'object' || value === '')))
        return nothing;
      return [{ path: below(node.path, key), detail: key === 'type' ? `is ${show(value)}` : 'is set' }];
    },
  },
  {
    id: 'ST3',
    claim: 'An array has a schema for its items',
    hint: 'declare the type of the elements',
    server: answers.ST3,
    on: ['type'],
    check({ schema, path, nested }) {
      const { type, items } = schema;
      if (nested || type !== 'array' || isObject(items) || (isList(items) && items.length > 0)) return nothing;
      return [{ path: below(path, 'items'), detail: 'is missing' }];
    },
  },
  {
    id: 'ST4',
    claim: 'A branch of allOf, anyOf, oneOf or not holds value validation only',
    hint: 'move the keyword out of the branch, to the node itself',
    server: answers.ST4,
    on: structure,
    check(node, key) {
      if (!node.nested || isEmpty(key, node.schema[key]!) || isTypeBranch(node)) return nothing;
      return [{ path: below(node.path, key), detail: 'is set' }];
    },
  },
  {
    id: 'ST5',
    claim: 'The branches of an int-or-string are an integer, then a string, and nothing else',
    hint: 'write anyOf: [{type: integer}, {type: string}]',
    server: answers.ST5,
    on: ['anyOf'],
    check(node) {
      const { anyOf } = node.schema;
      if (!offersIntOrString(node) || areTypesOfIntOrString(anyOf!)) return nothing;
      return [
        { path: below(node.path, 'anyOf'), detail: `is ${show(anyOf)}`, blamed: below(node.path, 'anyOf', 0, 'type') },
      ];
    },
  },
  {
    id: 'ST6',
    claim: 'A field that a branch at the root restricts is declared outside of the branch',
    hint: 'declare the field, or restrict its presence with required',
    server: answers.ST6,
    on: [...junctors, 'not'],
    check: (node, key) => (node.role === 'root' ? undeclaredIn(node, key, () => false) : nothing),
  },
  {
    id: 'ST6',
    claim: 'A field that a branch restricts is declared outside of the branch',
    hint: 'declare the field: it is pruned before the branch sees it',
    severity: 'warning',
    on: [...junctors, 'not'],
    check: (node, key) => (node.role === 'root' || node.nested ? nothing : undeclaredIn(node, key, isOpen)),
  },
  {
    id: 'ST7',
    claim: 'A branch does not restrict `metadata`',
    hint: 'remove metadata from the branch',
    server: answers.ST7,
    on: ['properties'],
    check({ schema, path, nested }) {
      if (!nested || memberAt(schema.properties, 'metadata') === undefined) return nothing;
      return [{ path: below(path, 'properties', 'metadata'), detail: 'is set' }];
    },
  },
  {
    id: 'ST8',
    claim: 'An int-or-string neither preserves unknown fields nor embeds a resource',
    hint: 'remove one of the two keywords',
    server: answers.ST8,
    on: [preserve, embedded],
    check({ schema, path, nested }, key) {
      if (nested || schema[key] !== true || schema[intOrString] !== true) return nothing;
      return [{ path: below(path, key), detail: 'is `true`' }];
    },
  },
  {
    id: 'ST9',
    claim: 'An embedded resource is an object that names its properties or preserves unknown fields',
    hint: 'add +kubebuilder:pruning:PreserveUnknownFields to +kubebuilder:validation:EmbeddedResource',
    server: answers.ST9,
    on: [embedded],
    check: (node) => (node.nested || node.schema[embedded] !== true ? nothing : embeddedFindings(node)),
  },
  {
    id: 'ST10',
    claim: '`apiVersion` and `kind` are strings, `metadata` is an object restricted by name at most',
    hint: 'leave apiVersion, kind and metadata to the API server',
    server: answers.ST10,
    on: ['properties'],
    check: (node) => (node.nested || !isResource(node) ? nothing : metaFindings(node)),
  },
];

/** Whether a branch may have the value: it says no more than the absence of the keyword, which other rules judge. */
function isEmpty(keyword: string, value: Json): boolean {
  if (keyword === 'default') return value === null;
  return value === false || value === '' || value === null || (isList(value) && value.length === 0);
}

/** A branch of a node's anyOf that makes the int-or-string exception, or tries to (which ST5 reports). */
function isTypeBranch(node: SchemaNode): boolean {
  if (node.role !== 'branch' || node.path.parent?.key !== 'anyOf') return false;
  const parent = node.parent!;
  return offersIntOrString(parent) || (maySkipTypes(parent) && areTypesOfIntOrString(parent.schema.anyOf!));
}

function areTypesOfIntOrString(branches: Json): boolean {
  const given = isList(branches)
    ? branches.map((branch) => (isObject(branch) ? withoutAbsent(branch) : branch))
    : branches;
  return sameJson(given, typesOfIntOrString);
}

function withoutAbsent(branch: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(branch).filter(([key, value]) => !isAbsent(key, value)));
}

/** The exception applies to anyOf of a structural node and of its allOf[0]. */
function maySkipTypes(node: SchemaNode): boolean {
  return !node.nested || isFirstOfAllOf(node);
}

function isFirstOfAllOf({ role, path, parent }: SchemaNode): boolean {
  return role === 'branch' && path.key === 0 && path.parent?.key === 'allOf' && parent?.nested === false;
}

function offersIntOrString(node: SchemaNode): boolean {
  if (!maySkipTypes(node)) return false;
  const owner = node.nested ? node.parent! : node;
  const { anyOf } = node.schema;
  if (owner.schema[intOrString] !== true || !isList(anyOf) || anyOf.length !== 2) return false;
  const types = anyOf.map((branch) => stringAt(branch, 'type'));
  return types.includes('integer') && types.includes('string');
}

type Skip = (schema: JsonSchema) => boolean;

/** The fields that branches of `node` name and the node itself does not, except below a node to `skip`. */
function undeclaredIn(node: SchemaNode, key: string, skip: Skip): readonly Finding[] {
  const value = node.schema[key];
  const branches = isList(value) ? value : [value];
  const missing = branches.flatMap((branch) => undeclared(branch, node.schema, node.path, skip));
  return missing.map((path) => ({ path, detail: 'is missing' }));
}

function undeclared(branch: Json | undefined, schema: JsonSchema, path: Path, skip: Skip): readonly Path[] {
  if (!isObject(branch) || skip(schema)) return [];
  const inner = [...junctors, 'not'].flatMap((key) => {
    const value = branch[key];
    return (isList(value) ? value : [value]).flatMap((each) => undeclared(each, schema, path, skip));
  });
  const properties = objectAt(branch, 'properties') ?? {};
  const fields = Object.keys(properties).flatMap((name) => {
    const declared = objectAt(memberAt(schema, 'properties'), name);
    return follow(properties[name], declared, below(path, 'properties', name), skip);
  });
  return [...inner, ...fields, ...follow(branch.items, objectAt(schema, 'items'), below(path, 'items'), skip)];
}

function follow(branch: Json | undefined, declared: JsonSchema | undefined, path: Path, skip: Skip): readonly Path[] {
  if (!isObject(branch)) return [];
  return declared ? undeclared(branch, declared, path, skip) : [path];
}

function embeddedFindings({ schema, path }: SchemaNode): readonly Finding[] {
  const findings: Finding[] = [];
  if (schema.type !== 'object') findings.push({ path: below(path, 'type'), detail: `is ${show(schema.type)}` });
  if (memberAt(schema, 'additionalProperties') !== undefined) {
    findings.push({ path: below(path, 'additionalProperties'), detail: 'is set' });
  }
  const properties = objectAt(schema, 'properties') ?? {};
  if (Object.keys(properties).length === 0 && schema[preserve] !== true) {
    findings.push({ path: below(path, 'properties'), detail: 'is missing' });
  }
  return findings;
}

function metaFindings(node: SchemaNode): readonly Finding[] {
  const expected = { apiVersion: 'string', kind: 'string', metadata: 'object' };
  const findings = Object.entries(expected).flatMap(([name, type]): readonly Finding[] => {
    const field = memberAt(node.schema.properties, name);
    if (field === undefined || memberAt(field, 'type') === type) return [];
    return [{ path: below(node.path, 'properties', name, 'type'), detail: `is ${show(memberAt(field, 'type'))}` }];
  });
  return node.role === 'root' ? [...findings, ...rootMetadataFindings(node)] : findings;
}

function rootMetadataFindings(node: SchemaNode): readonly Finding[] {
  const metadata = objectAt(node.schema.properties, 'metadata');
  if (!metadata) return nothing;
  const path = below(node.path, 'properties', 'metadata');
  const others = Object.keys(metadata).filter((key) => {
    if (key === 'type' || key === 'default' || key === 'properties') return false;
    return key === 'additionalProperties' ? metadata[key] !== null : !isAbsent(key, metadata[key]!);
  });
  const fields = Object.keys(objectAt(metadata, 'properties') ?? {}).filter(
    (name) => name !== 'name' && name !== 'generateName',
  );
  const paths = [...others.map((key) => below(path, key)), ...fields.map((name) => below(path, 'properties', name))];
  return paths.map((at) => ({ path: at, detail: 'is set', blamed: path }));
}
