/** Keyboard shortcuts: single keys, Mod combinations and `g` chords. Off by a user setting (WCAG 2.1.4). */
import { useEffect } from 'react';
import { createStoredStore } from '~/lib/store';

export const keysEnabled = createStoredStore<boolean>('portolan.keys', true, (value): value is boolean => typeof value === 'boolean');

export type Bindings = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const CHORD_MS = 1200;

/** `mod+k`, `?`, `/`, `g h` ... Letters are lower case. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string | null {
  if (event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `mod+${key}` : key;
}

/** Turns keystrokes into binding names; a chord is two keys within `CHORD_MS`. */
export function chordReader(now: () => number): (key: string, known: (name: string) => boolean) => string | null {
  let prefix: string | null = null;
  let at = 0;
  return (key, known) => {
    if (prefix !== null && now() - at <= CHORD_MS) {
      const chord = `${prefix} ${key}`;
      prefix = null;
      if (known(chord)) return chord;
    }
    prefix = null;
    if (known(key)) return key;
    if (/^[a-z]$/.test(key)) {
      prefix = key;
      at = now();
    }
    return null;
  };
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export function useKeys(bindings: Bindings): void {
  useEffect(() => {
    const read = chordReader(() => performance.now());
    const onKey = (event: KeyboardEvent) => {
      const key = keyName(event);
      if (key === null || event.defaultPrevented) return;
      const modified = key.startsWith('mod+');
      if (!modified && (isTyping(event.target) || !keysEnabled.get())) return;
      // A dialog owns the keyboard while it is open.
      if (!modified && document.querySelector('[role="dialog"][aria-modal="true"]')) return;
      const name = read(key, (candidate) => candidate in bindings);
      if (name === null) return;
      event.preventDefault();
      bindings[name]?.(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [bindings]);
}
