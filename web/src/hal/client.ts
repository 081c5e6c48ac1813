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

/** A request that was refused. */
export interface Refused {
  /** Somebody pressed something and waits for it; else the page asks by itself. */
  pressed: boolean;
  /** How often it has been sent again. */
  tries: number;
}

/** Says who asks, and knows what to do when that is not enough. */
export interface Doorkeeper {
  headers(method: string): Record<string, string>;
  /** Whether to send it again. */
  recover(problem: Problem, refused: Refused): Promise<boolean>;
}

let doorkeeper: Doorkeeper | undefined;

export function guardBy(keeper: Doorkeeper | undefined): void {
  doorkeeper = keeper;
}

/** One request, as it is. */
export async function sendOnce(url: string, init: RequestInit): Promise<Response> {
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

/** The same request, with the same key, until the doorkeeper gives up: it may take as long as somebody takes to log in. */
async function send(url: string, init: RequestInit & { headers: Record<string, string> }, pressed = false): Promise<Response> {
  for (let tries = 0; ; ++tries) {
    try {
      return await sendOnce(url, { ...init, headers: { ...init.headers, ...doorkeeper?.headers(init.method ?? 'GET') } });
    } catch (error) {
      if (!(error instanceof Problem) || error.status === 0) throw error;
      if (!(await doorkeeper?.recover(error, { pressed, tries }))) throw error;
    }
  }
}

const accept = 'application/hal+json, application/json;q=0.9';

export async function get<R>(url: string, signal?: AbortSignal): Promise<R> {
  const response = await send(url, { headers: { Accept: accept }, ...(signal ? { signal } : {}) });
  return (await response.json()) as R;
}

/** An answer that is no JSON. */
export async function getText(url: string, signal?: AbortSignal): Promise<string> {
  const response = await send(url, { headers: { Accept: 'text/plain' }, ...(signal ? { signal } : {}) });
  return response.text();
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
  /** Sent by the page itself, a while after somebody pressed something. */
  later?: boolean;
}

export async function write<R>(url: string, { method, body, key, version, later }: Write): Promise<R> {
  const headers: Record<string, string> = { Accept: accept };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key !== undefined) headers['Idempotency-Key'] = key;
  if (version !== undefined) headers['If-Match'] = `"${version}"`;
  const response = await send(url, { method, headers, ...(body !== undefined ? { body: JSON.stringify(body) } : {}) }, !later);
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
