import { ActionIcon, Tooltip } from '@mantine/core';
import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { localTime, relative } from '~/lib/format';
import { IconCheck, IconCopy } from './icons';
import css from './kit.module.css';

/** One clock for all relative times of the page. */
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 5000);
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
  return (
    <time dateTime={at} title={`${localTime(at)} local, ${at} UTC`}>
      {relative(at, Math.max(current, Date.now() - 5000))}
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
    <Tooltip label={copied ? 'Copied' : label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={24}
        aria-label={label}
        onClick={() => {
          void navigator.clipboard?.writeText(value).then(() => {
            setCopied(true);
            setTimeout(() => setCopied(false), 1500);
          });
        }}
      >
        {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}
