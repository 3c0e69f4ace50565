/**
 * The one place that calls `fetch`. Session cookie, CSRF header, problem+json, entity tags.
 */
import { formatQuery } from '~/lib/urlstate';
import { branchOf } from './branch';

/** RFC 9457 document as the server sends it. */
export interface Problem {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
  code?: string;
  errors?: { pointer?: string; code?: string; message: string }[];
}

export class ApiError extends Error {
  readonly problem: Problem;
  readonly status: number;
  /** Seconds from `Retry-After`, when the server gave it. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiError';
    this.problem = problem;
    this.status = problem.status;
    this.retryAfter = retryAfter;
  }
}

export interface Answer<T> {
  data: T;
  etag: string | null;
  location: string | null;
}

export interface CallOptions {
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  /** Media type of a body that is text already, or a file. */
  type?: string;
  ifMatch?: string | null;
  signal?: AbortSignal;
  idempotent?: boolean;
}

/** Public path the server is reached under; `/` or for example `/net/`. */
export const basePath = readBasePath();

function readBasePath(): string {
  const path = document.querySelector('meta[name="base-path"]')?.getAttribute('content') ?? '/';
  return path.startsWith('/') && path.endsWith('/') && !path.includes('__') ? path : '/';
}

let csrfToken: string | null = null;
let onUnauthenticated: (problem: Problem) => void = () => undefined;

export function setCsrfToken(token: string | null | undefined): void {
  csrfToken = token ?? null;
}

/** Called on every 401, and on 403 when the password has to be changed first. */
export function setUnauthenticatedHandler(handler: (problem: Problem) => void): void {
  onUnauthenticated = handler;
}

/** Address of an API path for links and streams. */
export function apiUrl(path: string, query: Readonly<Record<string, unknown>> = {}): string {
  const branch = branchOf(path);
  return `${basePath.slice(0, -1)}${path}${formatQuery(branch === undefined ? query : { ...query, branch })}`;
}

export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' };
  if (options.body !== undefined) headers['Content-Type'] = options.type ?? (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json');
  if (options.ifMatch) headers['If-Match'] = options.ifMatch;
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken;
  // A branch keeps no keys.
  if (options.idempotent && branchOf(path) === undefined) headers['Idempotency-Key'] = crypto.randomUUID();

  let response: Response;
  try {
    response = await fetch(apiUrl(path, options.query), {
      method,
      headers,
      body: options.type ? (options.body as string | Blob) : JSON.stringify(options.body),
      signal: options.signal,
      credentials: 'same-origin',
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError({ title: 'The server does not answer', status: 0, code: 'offline', detail: 'Check the connection to the server; this page asks again by itself.' });
  }
  if (!response.ok) {
    const problem = await readProblem(response);
    const retry = Number(response.headers.get('Retry-After'));
    if (response.status === 401 || problem.code === 'password-change-required') onUnauthenticated(problem);
    throw new ApiError(problem, Number.isFinite(retry) && retry > 0 ? retry : null);
  }
  const body = response.status === 204 ? '' : await response.text();
  return {
    data: (body === '' ? undefined : JSON.parse(body)) as T,
    etag: response.headers.get('ETag'),
    location: response.headers.get('Location'),
  };
}

async function readProblem(response: Response): Promise<Problem> {
  const fallback: Problem = { title: response.statusText || `Status ${response.status}`, status: response.status, instance: response.headers.get('X-Request-Id') ?? undefined };
  try {
    const parsed: unknown = JSON.parse(await response.text());
    return typeof parsed === 'object' && parsed !== null ? { ...fallback, ...parsed } : fallback;
  } catch {
    return fallback;
  }
}

export const get = async <T>(path: string, query?: CallOptions['query'], signal?: AbortSignal) => (await call<T>('GET', path, { query, signal })).data;
export const post = async <T>(path: string, body?: unknown, options: CallOptions = {}) => (await call<T>('POST', path, { ...options, body })).data;
export const put = async <T>(path: string, body: unknown) => (await call<T>('PUT', path, { body })).data;
export const del = async (path: string, ifMatch?: string | null) => {
  await call<undefined>('DELETE', path, { ifMatch });
};

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
