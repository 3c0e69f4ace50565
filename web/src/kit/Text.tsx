import { ActionIcon } from '@mantine/core';
import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { localTime, relative } from '~/lib/format';
import { IconCheck, IconCopy } from './icons';
import css from './kit.module.css';

const TICK_MS = 5000;

/** One clock for all relative times of the page. */
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** `3 min ago`, with local and UTC time on hover. */
export function RelTime({ at }: { at: string | null | undefined }) {
  const current = useNow();
  if (!at) return <span className="muted">-</span>;
  // The clock here ticks in steps: something newer than the last tick is now, not in the future.
  const time = Date.parse(at);
  const asOf = time > current && time < current + 2 * TICK_MS ? time : current;
  return (
    <time dateTime={at} title={`${localTime(at)} local, ${at} UTC`}>
      {relative(at, asOf)}
    </time>
  );
}

export function KeyValue({ items }: { items: [label: string, value: ReactNode][] }) {
  return (
    <dl className={css.kv}>
      {items.map(([label, value]) => (
        <div key={label} style={{ display: 'contents' }}>
          <dt>{label}</dt>
          <dd>{value ?? <span className="muted">-</span>}</dd>
        </div>
      ))}
    </dl>
  );
}

export function CopyButton({ value, label }: { value: string; label: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={24}
      aria-label={copied ? 'Copied' : label}
      title={label}
      onClick={() => {
        void navigator.clipboard?.writeText(value).then(() => {
          setCopied(true);
          setTimeout(() => setCopied(false), 1500);
        });
      }}
    >
      {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
    </ActionIcon>
  );
}
