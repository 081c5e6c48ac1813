import type { Link, Resource } from './types';

/** The link of that relation; the first of several. */
export function linkOf(resource: Resource, relation: string): Link | undefined {
  const link = resource._links[relation];
  return Array.isArray(link) ? link[0] : link;
}

/** Fills in a URI template of HAL (RFC 6570): `{name}`, `{?a,b}` and `{&a,b}`. What has no value is left out. */
export function expand(template: string, values: Record<string, string | number | undefined> = {}): string {
  return template.replace(/\{([?&]?)([\w,]+)\}/g, (_, operator: string, names: string) => {
    const present = names.split(',').filter((name) => values[name] !== undefined);
    if (operator === '') return present.map((name) => encodeURIComponent(String(values[name]))).join(',');
    const pairs = present.map((name) => `${name}=${encodeURIComponent(String(values[name]))}`);
    return pairs.length > 0 ? operator + pairs.join('&') : '';
  });
}

/**
 * Where a link leads, from here. Links of a server that names its inner services (`http.links=service`) are
 * followed through the gateway, which is where this page came from.
 */
export function follow(link: Link, values: Record<string, string | number | undefined> = {}): string {
  const url = new URL(link.templated ? expand(link.href, values) : link.href, document.baseURI);
  return url.pathname + url.search;
}

/** A list, asked for in parts: `page`, `size` and `sort` are parameters of every list of the API. */
export function listed(link: Link, parameters: { page?: number; size?: number; sort?: string }): string {
  if (link.templated) return follow(link, parameters);
  const url = new URL(link.href, document.baseURI);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
  return url.pathname + url.search;
}
