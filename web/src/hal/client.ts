import { linkOf, follow } from './link';
import type { Link, Resource } from './types';

/** An answer that is not what was asked for (RFC 9457), or none at all (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** What the answer says besides: the present state of what could not be changed, for example. */
    readonly members: Record<string, unknown> = {},
  ) {
    super(detail);
  }
  /** Nothing was heard: it may or may not have happened. Asking again with the same key is safe. */
  get unanswered(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 504;
  }
  get overloaded(): boolean {
    return this.status === 503 || this.status === 429;
  }
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Record<string, unknown>;
    const type = String(body['code'] ?? body['type'] ?? '');
    return new Problem(response.status, type.replace(/^.*[:/#]/, ''), String(body['detail'] ?? body['message'] ?? response.statusText), body);
  } catch {
    return new Problem(response.status, '', response.statusText);
  }
}

async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    // Never from the browser's cache: an order's page and the order itself have one address.
    response = await fetch(url, { cache: 'no-store', credentials: 'same-origin', ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Problem(0, 'unreachable', 'The server cannot be reached.');
  }
  if (!response.ok && response.status !== 304) throw await problemOf(response);
  return response;
}

const accept = 'application/hal+json, application/json;q=0.9';

export async function get<R>(url: string, signal?: AbortSignal): Promise<R> {
  const response = await send(url, { headers: { Accept: accept }, ...(signal ? { signal } : {}) });
  return (await response.json()) as R;
}

/** As get(), but undefined while the resource still has that version. */
export async function getIfChanged<R>(url: string, version: number | undefined, signal?: AbortSignal): Promise<R | undefined> {
  const headers: Record<string, string> = { Accept: accept };
  if (version !== undefined) headers['If-None-Match'] = `"${version}"`;
  const response = await send(url, { headers, ...(signal ? { signal } : {}) });
  return response.status === 304 ? undefined : ((await response.json()) as R);
}

export interface Write {
  method: 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** The same key at each try of one action: it takes effect once. */
  key?: string;
  version?: number;
}

export async function write<R>(url: string, { method, body, key, version }: Write): Promise<R> {
  const headers: Record<string, string> = { Accept: accept };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key !== undefined) headers['Idempotency-Key'] = key;
  if (version !== undefined) headers['If-Match'] = `"${version}"`;
  const response = await send(url, { method, headers, ...(body !== undefined ? { body: JSON.stringify(body) } : {}) });
  return (response.status === 204 ? undefined : await response.json()) as R;
}

/** A new Idempotency-Key. randomUUID() is not there on plain http beyond this machine. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

let root: Promise<Resource> | undefined;

/** The entrance of the API, asked for once. */
export function entrance(): Promise<Resource> {
  root ??= get<Resource>('/').catch((error: unknown) => {
    root = undefined;
    throw error;
  });
  return root;
}

/** The link reached by following relations from the entrance; the last one is not fetched. */
export async function linkFromEntrance(...relations: string[]): Promise<Link> {
  let resource = await entrance();
  for (const [index, relation] of relations.entries()) {
    const link = linkOf(resource, relation);
    if (!link) throw new Problem(0, 'no-link', `The API has no link "${relation}" here.`);
    if (index === relations.length - 1) return link;
    resource = await getCached(follow(link, { size: 1 }));
  }
  throw new Problem(0, 'no-link', 'No relation was named.');
}

const fixed = new Map<string, Promise<Resource>>();

/** Resources that are only followed through, such as lists of searches: asked for once. */
function getCached(url: string): Promise<Resource> {
  let answer = fixed.get(url);
  if (!answer) {
    answer = get<Resource>(url);
    fixed.set(url, answer);
    answer.catch(() => fixed.delete(url));
  }
  return answer;
}
