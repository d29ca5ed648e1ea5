/** What is wrong with a value, and what to write instead. */
export type Flaw = (value: string) => { readonly fact: string; readonly hint: string } | undefined;

/** A verb in lower case, or `*`. */
export const verbFlaw: Flaw = (verb) => {
  if (verb === '*') return undefined;
  if (verb.includes('*')) return { fact: `\`${verb}\` is no wildcard`, hint: 'write `*` alone, or name the verbs' };
  if (/\s/.test(verb))
    return { fact: `\`${verb}\` is no verb`, hint: `write \`verbs=${verb.split(/\s+/).join(';')}\`` };
  return verb === verb.toLowerCase()
    ? undefined
    : { fact: `\`${verb}\` matches no request`, hint: `write \`${verb.toLowerCase()}\`` };
};

/** An API group without a version, `core`, or `*`. */
export const groupFlaw: Flaw = (group) => {
  if (/^v\d+((alpha|beta)\d+)?$/.test(group)) return { fact: `\`${group}\` is a version`, hint: 'write `core`' };
  if (group === '' || group === '*' || /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(group)) return undefined;
  const [name = '', version] = group.split('/');
  if (version !== undefined) return { fact: `\`${group}\` has a version`, hint: `write \`${name}\`` };
  if (group.includes('*')) return { fact: `\`${group}\` is no wildcard`, hint: 'write `*` alone, or name the groups' };
  return { fact: `there can be none of the name \`${group}\``, hint: `write \`${group.toLowerCase()}\`` };
};

/** A plural in lower case with a subresource at most; `*` for the one or the other. */
export const resourceFlaw: Flaw = (resource) => {
  if (resource === '*' || /^(\*|[a-z0-9]([-a-z0-9.]*[a-z0-9])?)(\/[a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$/.test(resource))
    return undefined;
  const [name = '', subresource] = resource.split('/');
  if (resource === '*/*') return { fact: '`*/*` matches nothing', hint: 'write `*`, which includes subresources' };
  if (subresource === '*')
    return {
      fact: `\`${resource}\` matches nothing`,
      hint: `name the subresources: \`${name};${name}/status;${name}/scale\``,
    };
  if (resource.includes('*'))
    return { fact: `\`${resource}\` is no wildcard`, hint: 'write `*` alone, or name the resources' };
  return { fact: `there can be none of the name \`${resource}\``, hint: `write the plural, as in \`deployments\`` };
};

/** A name of an object: RBAC has no wildcard for it. */
export const nameFlaw: Flaw = (name) =>
  name === '*' ? { fact: '`*` is no wildcard here', hint: 'remove `resourceNames`' } : undefined;

/** A path, with a wildcard at its end at most. */
export const urlFlaw: Flaw = (url) => {
  if (!url.startsWith('/') && url !== '*') return { fact: `\`${url}\` is no path`, hint: `write \`/${url}\`` };
  if (/[?#\s]/.test(url))
    return { fact: `\`${url}\` is more than a path`, hint: `write \`${url.split(/[?#\s]/)[0]}\`` };
  return url.replace(/\*+$/, '').includes('*')
    ? {
        fact: `only a \`*\` at the end of \`${url}\` would be one`,
        hint: `write \`${url.slice(0, url.indexOf('*') + 1)}\``,
      }
    : undefined;
};
