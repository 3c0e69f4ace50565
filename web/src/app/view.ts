import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { Raw, View } from '~/lib/urlstate';

/** All query parameters of the address, as texts. */
export function useRaw(): Raw {
  return useSearch({ strict: false }) as Raw;
}

/** The page's view from the URL, and a setter. Set replaces the entry unless `push`. */
export function useView<T extends object>(view: View<T>): [T, (patch: Partial<T>, options?: { push?: boolean }) => void] {
  const raw = useRaw();
  const navigate = useNavigate();
  const current = useMemo(() => view.parse(raw), [view, raw]);
  const set = useCallback(
    (patch: Partial<T>, options: { push?: boolean } = {}) => {
      void navigate({
        to: '.',
        search: ((previous: Raw) => view.format({ ...view.parse(previous), ...patch }, previous)) as never,
        replace: !options.push,
        resetScroll: false,
      });
    },
    [navigate, view],
  );
  return [current, set];
}
