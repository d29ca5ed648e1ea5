import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Marker } from '../../src/ir/marker.js';
import { type MarkerText, parseMarker } from '../../src/markers/parse.js';
import { findMarker, findTag, markerNames, markers, tagNames } from '../../src/markers/registry.js';

const raw = (source: string): MarkerText => ({
  text: source.slice(1),
  spelling: source[0] as '+' | '@',
  at: { file: 'src/api/v1/x.ts', line: 3, column: 4 },
});

const parse = (source: string) => parseMarker(raw(source));

const brief = (source: string) => {
  const parsed = parse(source);
  if (!parsed) return undefined;
  if ('code' in parsed) return `${parsed.code} ${parsed.message}`;
  const { def, value, path } = parsed;
  return path ? { name: def.name, value, path } : { name: def.name, value };
};

const validation = (word: string) => `kubebuilder:validation:${word}`;

describe('markers', () => {
  test.each<[string, string, unknown]>([
    ['+optional', validation('Optional'), false],
    ['+kubebuilder:validation:Minimum=-1.5', validation('Minimum'), -1.5],
    ['+kubebuilder:validation:Minimum:=3', validation('Minimum'), 3],
    ['@kubebuilder:validation:Minimum=3', validation('Minimum'), 3],
    ['+k8s:maxLength=3', validation('MaxLength'), 3],
    ['+kubebuilder:validation:Enum=Small;Large', validation('Enum'), ['Small', 'Large']],
    ['+kubebuilder:validation:Pattern=`^a{3}$`', validation('Pattern'), '^a{3}$'],
    ['+kubebuilder:default={"a": {1,2}}', 'kubebuilder:default', { a: [1, 2] }],
    ['+default={"a": [1, 2]}', 'default', { a: [1, 2] }],
    ['+default=ref(k8s.io/api/core/v1.ProtocolTCP)', 'default', undefined],
    ['+kubebuilder:resource', 'kubebuilder:resource', {}],
    [
      '+kubebuilder:resource:path=foos,shortName=f;fo,scope=Cluster',
      'kubebuilder:resource',
      { path: 'foos', shortName: ['f', 'fo'], scope: 'Cluster' },
    ],
    ['+kubebuilder:deprecatedversion', 'kubebuilder:deprecatedversion', {}],
    ['+kubebuilder:metadata:annotations="a=b=c";"d=e"', 'kubebuilder:metadata', { annotations: { a: 'b=c', d: 'e' } }],
    [
      '+kubebuilder:rbac:groups=apps ,resources=deployments,verbs=get',
      'kubebuilder:rbac',
      { groups: ['apps'], resources: ['deployments'], verbs: ['get'] },
    ],
    [
      '+kubebuilder:rbac:groups=core;"",resources=pods,verbs={get,list}',
      'kubebuilder:rbac',
      { groups: ['core', ''], resources: ['pods'], verbs: ['get', 'list'] },
    ],
    ['+kubebuilder:rbac:urls=/metrics,verbs=get', 'kubebuilder:rbac', { urls: ['/metrics'], verbs: ['get'] }],
    ['+kubebuilder:object:root=true', 'kubebuilder:object:root', true],
    ['+groupName=', 'groupName', ''],
    ['+groupName', 'groupName', ''],
    ['+kubebuilder:ac:generate=false', 'kubebuilder:ac:generate', false],
    ['+kubebuilder:ac:output:package=applyconfiguration', 'kubebuilder:ac:output:package', 'applyconfiguration'],
    [
      '+operator-sdk:csv:customresourcedefinitions:displayName="A B",resources={{Pod,v1,""},{Deployment,v1}},order=2',
      'operator-sdk:csv:customresourcedefinitions',
      {
        displayName: 'A B',
        resources: [
          ['Pod', 'v1', ''],
          ['Deployment', 'v1'],
        ],
        order: 2,
      },
    ],
    [
      '+operator-sdk:csv:customresourcedefinitions:type=spec,xDescriptors="urn:a, urn:b"',
      'operator-sdk:csv:customresourcedefinitions',
      { type: 'spec', xDescriptors: ['urn:a', 'urn:b'] },
    ],
    [
      '+operator-sdk:csv:customresourcedefinitions:type=status,xDescriptors={"urn:a","urn:b"}',
      'operator-sdk:csv:customresourcedefinitions',
      { type: 'status', xDescriptors: ['urn:a', 'urn:b'] },
    ],
    ['+k8s:deepcopy-gen:interfaces=a/b.C', 'k8s:deepcopy-gen:interfaces', 'a/b.C'],
    [
      '+kubebuilder:printcolumn:JSONPath=".c[?(@.type==\\"Ready\\")].s",name=Ready,type=string,priority=1',
      'kubebuilder:printcolumn',
      { JSONPath: '.c[?(@.type=="Ready")].s', name: 'Ready', type: 'string', priority: 1 },
    ],
    [
      '+kubebuilder:validation:XValidation:rule="self.a != \'x\'",reason=FieldValueInvalid,optionalOldSelf=true',
      validation('XValidation'),
      { rule: "self.a != 'x'", reason: 'FieldValueInvalid', optionalOldSelf: true },
    ],
  ])('%s', (source, name, value) => {
    expect(brief(source)).toEqual({ name, value });
  });

  test.each([
    ['+kubebuilder:validation:items:Pattern=^a$', validation('Pattern'), '^a$'],
    ['+kubebuilder:validation:items:XValidation:rule="self > 1"', validation('XValidation'), { rule: 'self > 1' }],
    ['+kubebuilder:validation:items:XIntOrString', validation('XIntOrString'), true],
  ])('%s is for the elements', (source, name, value) => {
    expect(brief(source)).toEqual({ name, value, path: ['items'] });
  });
});

describe('tags', () => {
  test.each<[string, string, unknown]>([
    ['@minimum 1', validation('Minimum'), 1],
    ['@exclusiveMaximum', validation('ExclusiveMaximum'), true],
    ['@exclusiveMaximum false', validation('ExclusiveMaximum'), false],
    ['@pattern ^[^*\\/]{2},\\d$', validation('Pattern'), '^[^*/]{2},\\d$'],
    ['@default 3', 'default', 3],
    ['@default {"a": 1}', 'default', { a: 1 }],
    ['@default 64Ki', 'default', '64Ki'],
    ['@example two words', 'kubebuilder:example', 'two words'],
    ['@example [1]', 'kubebuilder:example', [1]],
    ['@title Size, in pieces', 'kubebuilder:title', 'Size, in pieces'],
    ['@title 42', 'kubebuilder:title', '42'],
    ['@type number', validation('Type'), 'number'],
    ['@kind', 'kubebuilder:object:root', true],
    ['@deprecated', 'kubebuilder:deprecatedversion', {}],
    ['@deprecated use v1, please', 'kubebuilder:deprecatedversion', { warning: 'use v1, please' }],
    ['@immutable', 'k8s:immutable', true],
    ['@json', 'opgen:json', true],
    ['@minimum 1\nprose of the next line', validation('Minimum'), 1],
    ['@rule {self.a} said so', validation('XValidation'), { rule: 'self.a', message: 'said so' }],
    ['@rule {self.a == {"}": "{"}[r\'\\\']}', validation('XValidation'), { rule: 'self.a == {"}": "{"}[r\'\\\']' }],
    ['@rule { self.a &&\n  self.b }\n  both', validation('XValidation'), { rule: 'self.a && self.b', message: 'both' }],
  ])('%s', (source, name, value) => {
    expect(brief(source)).toEqual({ name, value });
  });

  test.each([
    ['@items.pattern ^a$', ['items']],
    ['@items.items.minimum 2', ['items', 'items']],
    ['@values.maxLength 3', ['values']],
    ['@items.values.rule {self != ""}', ['items', 'values']],
  ])('%s reaches into elements', (source, path) => {
    expect(parse(source)).toMatchObject({ path });
  });

  test('a deprecated property is no mistake', () => {
    expect((parse('@deprecated') as Marker).def.targets).toContain('field');
    expect((parse('+kubebuilder:deprecatedversion') as Marker).def.targets).toEqual(['type']);
  });
});

test.each([
  '+kubebuilder:scaffold:imports',
  '+opgen:scaffold:controllers',
  '+genclient',
  '+enum',
  '+build linux',
  '+patchMergeKey=name',
  '+Note: this is prose',
  '+Note:this',
  '+union',
  '+istio:enabled=true',
  '+crossplane:generate:reference:type=Foo',
  '+protobuf=true',
  '+lint:ignore',
  '@angular:x',
  '+optionally it may be empty',
  '@see the manual',
  '@internal',
  '@param x the x',
  '@types/node',
  '@example',
  '@example ```ts',
])('%s belongs to others', (source) => {
  expect(parse(source)).toBeUndefined();
});

describe('unknown names', () => {
  test.each([
    ['+kubebuilder:validation:nullable', '+nullable'],
    ['+kubebuilder:validation:optional', '+kubebuilder:validation:Optional'],
    ['+kubebuilder:validation:enum=a', '+kubebuilder:validation:Enum'],
    ['+kubebuilder:validation:Minimun=1', '+kubebuilder:validation:Minimum'],
    ['+kubebuilder:validation:items:Patern=x', '+kubebuilder:validation:items:Pattern'],
    ['+kubebuilder:validtion:MaxItems=1', '+kubebuilder:validation:MaxItems'],
    ['+kubebuilder:MaxItems=1', '+kubebuilder:validation:MaxItems'],
    ['+kubebuilder:printcolum:name=a,type=string', '+kubebuilder:printcolumn'],
    ['+kubebuilder:rbca:groups=a', '+kubebuilder:rbac'],
    ['+kubebuilder:subresource:stauts', '+kubebuilder:subresource:status'],
    ['+kubebuilder:storageVersion', '+kubebuilder:storageversion'],
    ['@kubebuilder:storageVersion', '@kubebuilder:storageversion'],
    ['+k8s:maxlength=3', '+k8s:maxLength'],
    ['+listtype=map', '+listType'],
    ['+operator-sdk:csv:customresourcedefinition:type=spec', '+operator-sdk:csv:customresourcedefinitions'],
    ['+kubebuilder:validation:items:items:Pattern=x', '@items.items.pattern'],
    ['+kubebuilder:validation:values:MaxLength=3', '@values.maxLength'],
    ['@minlength 3', '@minLength'],
    ['@items.patern x', '@items.pattern'],
  ])('%s: did you mean %s', (source, meant) => {
    expect(parse(source)).toMatchObject({
      code: 'OG2001',
      severity: 'error',
      hint: `did you mean \`${meant}\`?`,
      at: { line: 3, column: 4 },
    });
  });

  test.each([
    '+kubebuilder:quite:different=1',
    '+operator-sdk:xyz',
    '+opgen:nothing',
    '@items.default 3',
    '@values.unheardof',
  ])('%s has no near name', (source) => {
    expect(parse(source)).toMatchObject({ code: 'OG2001' });
  });

  test('the name stands in the message', () => {
    expect(brief('+kubebuilder:validation:Minimun=1')).toBe(
      'OG2001 `+kubebuilder:validation:Minimun` must be a marker that opgen knows, but there is none of that name',
    );
  });
});

test.each(['+k8s:unionMember', '+k8s:ifEnabled(MyGate)=+k8s:required', '+k8s:eachVal=+k8s:minimum=1'])(
  '%s is known and not supported',
  (source) => {
    expect(parse(source)).toMatchObject({ code: 'OG2006', severity: 'error' });
  },
);

describe('arguments', () => {
  test.each([
    ['+kubebuilder:validation:Minimum=abc', '`+kubebuilder:validation:Minimum` expects a number, but got `abc`', 36],
    ['+kubebuilder:validation:Minimum', '`+kubebuilder:validation:Minimum` expects a number, but there is none', 35],
    ['+versionName', '`+versionName` expects a value, but there is none', 16],
    ['+versionName= ', '`+versionName` expects a value, but there is none', 17],
    [
      '+kubebuilder:validation:Enum=',
      '`+kubebuilder:validation:Enum` expects an element, `""` if it is empty, but the text ends',
      33,
    ],
    ['+kubebuilder:validation:Enum={}', '`+kubebuilder:validation:Enum` expects at least one value, but got `{}`', 33],
    ['+optional=foo', '`+optional` expects no value, but got `foo`', 14],
    ['+optional some words', '`+optional` expects nothing behind its name, but got `some words`', 13],
    ['+required: x', '`+required` expects nothing behind its name, but got `: x`', 13],
    [
      '+kubebuilder:validation:MinLength 3',
      '`+kubebuilder:validation:MinLength` expects `=` and a value behind its name, but got `3`',
      37,
    ],
    [
      '+kubebuilder:validation:Pattern=^a{3}$',
      '`+kubebuilder:validation:Pattern` expects nothing behind the value, but got `}$`',
      40,
    ],
    [
      '+kubebuilder:validation:UniqueItems',
      '`+kubebuilder:validation:UniqueItems` expects `true` or `false`, but there is none',
      39,
    ],
    [
      '+kubebuilder:resource=path=x',
      '`+kubebuilder:resource` expects its arguments behind a colon, as in `+kubebuilder:resource:path=memcacheds,shortName=mc,categories=all;cache,scope=Namespaced`, but got `=`',
      25,
    ],
    [
      '+kubebuilder:resource:scope=cluster',
      '`+kubebuilder:resource` expects one of `Namespaced`, `Cluster` as `scope`, but got `cluster`',
      32,
    ],
    [
      '+kubebuilder:printcolumn:name=a,typ=string',
      '`+kubebuilder:printcolumn` expects one of the arguments `name`, `type`, `JSONPath`, `description`, `format`, `priority`, but got `typ=string`',
      36,
    ],
    [
      '+kubebuilder:metadata:labels=nope',
      '`+kubebuilder:metadata` expects `key=value` in each element as `labels`, but got `nope`',
      33,
    ],
    [
      '+kubebuilder:externalDocs:url=nowhere',
      '`+kubebuilder:externalDocs` expects a URL as `url`, but got `nowhere`',
      34,
    ],
    ['+kubebuilder:title=42', '`+kubebuilder:title` expects a string in quotes, but got `42`', 23],
    ['+default={a: 1}', '`+default` expects JSON, but got `{a: 1}`', 13],
    ['+listType=list', '`+listType` expects one of `atomic`, `set`, `map`, but got `list`', 14],
    [
      '+kubebuilder:rbac:groups=apps,resources=deployments',
      '`+kubebuilder:rbac` expects the argument `verbs`, but it is missing',
      22,
    ],
    [
      '+kubebuilder:rbac:groups=apps,resources=pods,verbs=',
      '`+kubebuilder:rbac` expects an element, `""` if it is empty as `verbs`, but the text ends',
      55,
    ],
    ['@minimum', '`@minimum` expects a number, but there is none', 12],
    ['@minimum 1 or more', '`@minimum` expects a number, but got `1 or more`', 13],
    ['@exclusiveMinimum 0', '`@exclusiveMinimum` expects `true` or `false`, but got `0`', 22],
    ["@default 'a'", "`@default` expects JSON or one bare word, but got `'a'`", 12],
    ['@default the usual size', '`@default` expects JSON or one bare word, but got `the usual size`', 12],
    ['@default=3', '`@default` expects a space before its value, but got `=`', 12],
    ['@rule self.a', '`@rule` expects `{expression} message`, but got `self.a`', 10],
    ['@rule {self.a', '`@rule` expects braces that balance, but the last one is missing', 10],
    ['@rule {}', '`@rule` expects an expression between the braces, but there is none', 10],
    ['@json yes', '`@json` expects no value, but got `yes`', 9],
    ['@pattern', '`@pattern` expects a value, but there is none', 12],
    ['@items.minimum x', '`@items.minimum` expects a number, but got `x`', 19],
  ])('%s', (source, message, column) => {
    expect(parse(source)).toMatchObject({ code: 'OG2002', severity: 'error', message, at: { line: 3, column } });
  });

  test('the hint is an example in the same spelling', () => {
    expect(parse('+kubebuilder:validation:Minimum=x')).toMatchObject({
      hint: 'write it as in `+kubebuilder:validation:Minimum=1`',
    });
    expect(parse('@minimum x')).toMatchObject({ hint: 'write it as in `@minimum 1`' });
  });
});

describe('registry', () => {
  const examples = markers.flatMap((def) =>
    [def.example, ...(def.tag ? [def.tag.example] : [])].map((source) => [source, def] as const),
  );

  test.each(examples)('the example %s is a valid marker of its definition', (source, def) => {
    expect(parse(source)).toMatchObject({ def: { name: def.name }, spelled: expect.stringMatching(/^[+@]/) });
  });

  test('names and tags are given once', () => {
    const names = markers.flatMap((def) => [def.name, ...(def.aliases ?? [])]);
    const tags = markers.flatMap((def) => (def.tag ? [def.tag.name] : []));
    expect(names).toEqual([...new Set(names)]);
    expect(tags).toEqual([...new Set(tags)]);
    expect(markerNames).toEqual(names);
    expect(tagNames).toEqual(tags);
  });

  const limits =
    'Maximum Minimum MultipleOf ExclusiveMaximum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems';
  const others =
    'MaxProperties MinProperties Enum Format Type XPreserveUnknownFields XEmbeddedResource XIntOrString XValidation';
  const anywhere = `${limits} ${others}`.split(' ');

  test.each(anywhere)('%s exists for nodes and for elements', (word) => {
    expect(findMarker(validation(word))?.targets).toEqual(['field', 'type']);
    expect(findMarker(validation(word))?.elements).toBe(true);
  });

  const catalogue = `kubebuilder:validation:Required required k8s:required kubebuilder:validation:Optional optional k8s:optional nullable
    kubebuilder:default default kubebuilder:example kubebuilder:validation:EmbeddedResource kubebuilder:validation:Schemaless k8s:immutable
    k8s:enum kubebuilder:pruning:PreserveUnknownFields kubebuilder:title kubebuilder:externalDocs listType k8s:listType listMapKey
    k8s:listMapKey mapType structType kubebuilder:validation:AtMostOneOf kubebuilder:validation:ExactlyOneOf
    kubebuilder:validation:AtLeastOneOf kubebuilder:resource kubebuilder:subresource:status kubebuilder:subresource:scale
    kubebuilder:printcolumn kubebuilder:selectablefield kubebuilder:storageversion kubebuilder:unservedversion
    kubebuilder:deprecatedversion kubebuilder:skipversion kubebuilder:metadata groupName versionName kubebuilder:skip kubebuilder:rbac
    kubebuilder:webhook kubebuilder:webhookconfiguration kubebuilder:ac:generate kubebuilder:ac:output:package
    operator-sdk:csv:customresourcedefinitions kubebuilder:object:generate kubebuilder:object:root k8s:deepcopy-gen k8s:deepcopy-gen:interfaces k8s:minimum k8s:maximum k8s:minLength
    k8s:maxLength k8s:maxItems k8s:format`;

  test.each(catalogue.split(/\s+/))('%s is known', (name) => {
    expect(findMarker(name)).toBeDefined();
  });

  const tags = `minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format minItems maxItems uniqueItems
    minProperties maxProperties default example title type nullable listType listMapKey mapType structType immutable deprecated json
    recursionDepth kind rule`;

  test.each(tags.split(/\s+/))('@%s is known', (name) => {
    expect(findTag(name)).toBeDefined();
  });
});

describe('any text', () => {
  const prefixes = [
    '',
    ...markerNames.flatMap((name) => [`${name}=`, `${name}:`, name]),
    ...tagNames.map((name) => `${name} `),
  ];

  test.each(['+', '@'] as const)('behind %s is parsed, refused or passed, and never throws', (spelling) => {
    const syntax = array(constantFrom(...'{}",;:=`\'\\ ab1-.\n'), { maxLength: 12 }).map((chars) => chars.join(''));
    assert(
      property(oneof(syntax, string({ unit: 'grapheme' })), (text) => {
        for (const prefix of prefixes) {
          const parsed = parseMarker({ ...raw('+'), spelling, text: prefix + text });
          if (parsed && 'code' in parsed) expect(parsed.message).toMatch(/^`.*`.*, but /s);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('tags that are nearly known', () => {
  test.each(['maximun', 'minLenght', 'patern', 'defalt'])('@%s is a warning that names the tag', (name) => {
    const parsed = parseMarker({ text: `${name} 5`, spelling: '@', at: { file: 'a.ts', line: 1, column: 1 } });
    expect(parsed).toMatchObject({
      code: 'OG2001',
      severity: 'warning',
      hint: expect.stringMatching(/^did you mean `@/),
    });
  });

  test.each([
    ['+kubebulder:validation:Minimum=1', '+kubebuilder:validation:Minimum'],
    ['+kubebuidler:rbac:groups=apps,resources=deployments,verbs=get', '+kubebuilder:rbac'],
    ['+kubebulder:validation:Minimun=1', '+kubebuilder:validation:Minimum'],
    ['@kubebulder:storageversion', '@kubebuilder:storageversion'],
    ['+k8:minimum=1', '+k8s:minimum'],
    ['+operatorsdk:csv:customresourcedefinitions:type=spec', '+operator-sdk:csv:customresourcedefinitions'],
    ['+rbac:groups=apps,resources=deployments,verbs=get', '+kubebuilder:rbac'],
    ['+validation:Minimum=1', '+kubebuilder:validation:Minimum'],
    ['+subresource:status', '+kubebuilder:subresource:status'],
    ['+minimum=1', '@minimum'],
    ['+immutable', '@immutable'],
    ['+optonal', '+optional'],
    ['+listMapKeys=name', '+listMapKey'],
    ['+requird', '+required'],
    ['+groupNam=example.com', '+groupName'],
  ])('%s is a warning that names %s', (source, meant) => {
    expect(parse(source)).toMatchObject({ code: 'OG2001', severity: 'warning', hint: `did you mean \`${meant}\`?` });
  });

  test.each(['returns', 'remarks', 'defaultValue', 'see', 'since', 'internal', 'customTag'])('@%s passes', (name) => {
    expect(parseMarker({ text: `${name} x`, spelling: '@', at: { file: 'a.ts', line: 1, column: 1 } })).toBeUndefined();
  });
});
