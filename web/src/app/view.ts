import { useRouter, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { formatQuery, type Raw, type View } from '~/lib/urlstate';

/** All query parameters of the address, as texts. */
export function useRaw(): Raw {
  return useSearch({ strict: false }) as Raw;
}

/** The page's view from the URL, and a setter. Set replaces the entry unless `push`. */
export function useView<T extends object>(view: View<T>): [T, (patch: Partial<T>, options?: { push?: boolean }) => void] {
  const raw = useRaw();
  const router = useRouter();
  const current = useMemo(() => view.parse(raw), [view, raw]);
  const set = useCallback(
    (patch: Partial<T>, options: { push?: boolean } = {}) => {
      const previous = router.latestLocation.search as Raw;
      const next = view.format({ ...view.parse(previous), ...patch }, previous);
      if (formatQuery(next) === formatQuery(previous)) return;
      void router.navigate({ to: '.', search: next as never, replace: !options.push, resetScroll: false });
    },
    [router, view],
  );
  return [current, set];
}
