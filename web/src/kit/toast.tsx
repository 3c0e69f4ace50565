import { CloseButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { createStore, useStore } from '~/lib/store';
import css from './kit.module.css';

interface Toast {
  id: number;
  tone: 'ok' | 'critical';
  body: ReactNode;
}

const toasts = createStore<readonly Toast[]>([]);
let next = 0;

function dismiss(id: number): void {
  toasts.set(toasts.get().filter((toast) => toast.id !== id));
}

/** A short message at the corner. Failures stay until closed; the rest leave after six seconds. */
export function toast(body: ReactNode, tone: Toast['tone'] = 'ok'): void {
  next += 1;
  const id = next;
  toasts.set([...toasts.get().slice(-3), { id, tone, body }]);
  if (tone === 'ok') setTimeout(() => dismiss(id), 6000);
}

export function Toasts() {
  const shown = useStore(toasts);
  return (
    <section className={css.toasts} aria-live="polite" aria-label="Messages">
      {shown.map((item) => (
        <div key={item.id} className={css.toast} data-tone={item.tone}>
          <span className="grow">{item.body}</span>
          <CloseButton size={24} aria-label="Close message" onClick={() => dismiss(item.id)} />
        </div>
      ))}
    </section>
  );
}
