/**
 * Server-sent events with one connection for the shell and short-lived ones for jobs.
 * When a stream cannot be held, the state says so and pages poll instead.
 */
import { createStore } from '~/lib/store';
import { apiUrl } from './client';

export type StreamState = 'connecting' | 'live' | 'polling';

export const streamState = createStore<StreamState>('connecting');

/** What arrived last, for the status bar. */
export const lastEventAt = createStore<number | null>(null);

export interface ServerEvent {
  type: string;
  data: unknown;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Event names the shell listens for; EventSource needs each by name. */
const TYPES = ['topology.changed', 'device.discovered', 'link.changed', 'job.progress', 'job.completed', 'job.failed', 'job.cancelled', 'resync'];

/** Holds the event stream; the returned function ends it. EventSource resumes by itself with Last-Event-ID. */
export function openEvents(onEvent: (event: ServerEvent) => void): () => void {
  const source = new EventSource(apiUrl('/api/v1/events/stream', { types: 'topology.changed,device.*,link.*,job.*' }));
  source.addEventListener('open', () => streamState.set('live'));
  source.addEventListener('error', () => streamState.set(source.readyState === EventSource.CLOSED ? 'polling' : 'connecting'));
  const receive = (event: Event) => {
    if (!(event instanceof MessageEvent)) return;
    lastEventAt.set(Date.now());
    const data = parse(String(event.data));
    const named = typeof data === 'object' && data !== null && 'type' in data ? String(data.type) : event.type;
    onEvent({ type: event.type === 'message' ? named : event.type, data });
  };
  source.addEventListener('message', receive);
  for (const type of TYPES) source.addEventListener(type, receive);
  return () => {
    source.close();
    streamState.set('connecting');
  };
}

/** Follows one job. `onLost` is called once when the stream broke before its end. */
export function openJob<T>(id: string, on: { progress: (job: T) => void; end: () => void; lost: () => void }): () => void {
  const source = new EventSource(apiUrl(`/api/v1/platform/jobs/${encodeURIComponent(id)}/stream`));
  const close = () => source.close();
  source.addEventListener('progress', (event) => on.progress(parse(String((event as MessageEvent).data)) as T));
  source.addEventListener('end', () => {
    close();
    on.end();
  });
  source.addEventListener('error', () => {
    // The server closing a finished stream also arrives as an error; the caller polls once and sees.
    close();
    on.lost();
  });
  return close;
}
