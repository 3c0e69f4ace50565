/** A value components can subscribe to; everything in the client that is neither URL nor server. */
import { useSyncExternalStore } from 'react';

export interface Store<T> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A store kept in this browser. A value that does not pass `valid` is dropped. */
export function createStoredStore<T>(key: string, initial: T, valid: (value: unknown) => value is T): Store<T> {
  let start = initial;
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (valid(saved)) start = saved;
  } catch {
    // Storage can be switched off or hold something foreign: the default does.
  }
  const store = createStore(start);
  store.subscribe(() => {
    try {
      localStorage.setItem(key, JSON.stringify(store.get()));
    } catch {
      // A full or forbidden storage only loses a preference.
    }
  });
  return store;
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
