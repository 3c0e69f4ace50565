import { queryOptions, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ApiError, get } from '~/api/client';
import type { Model, Page } from '~/api/types';
import { may, useMe } from '~/app/session';
import type { Raw } from '~/lib/urlstate';
import { defaultView, FILTERS, paramsOf, VIEWS, viewParams, type SavedFilter, type SavedView } from './views';

/** Most views of a list that are offered. */
const MOST = 200;
const NONE: never[] = [];

/** A server without them, or one that does not show them to us, has none. */
const orNone = <T>(asked: Promise<Page<T>>) =>
  asked.then(
    (page) => page.items,
    (error: unknown) => {
      if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return NONE;
      throw error;
    },
  );

export const viewsQuery = (model: string) =>
  queryOptions({ queryKey: ['list', VIEWS, 'of', model], queryFn: ({ signal }) => orNone(get<Page<SavedView>>(VIEWS, { object_type: model, limit: MOST, sort: 'weight' }, signal)), staleTime: 60_000 });

const filtersQuery = (model: string) =>
  queryOptions({ queryKey: ['list', FILTERS, 'of', model], queryFn: ({ signal }) => orNone(get<Page<SavedFilter>>(FILTERS, { object_types__contains: model, limit: MOST, sort: 'weight' }, signal)), staleTime: 60_000 });

export interface Views {
  views: readonly SavedView[];
  filters: readonly SavedFilter[];
  /** Whether views can be kept at all. */
  offered: boolean;
  /** The list waits: it may open with a view that is not known yet. */
  pending: boolean;
}

/** The views of a list; one that is opened without saying how opens with its default. */
export function useViews(model: Model, ready: boolean, raw: Raw): Views {
  const me = useMe();
  const navigate = useNavigate();
  const offered = may(me, 'platform/table-configs:read');
  const views = useQuery({ ...viewsQuery(model.name), enabled: offered });
  const filters = useQuery({ ...filtersQuery(model.name), enabled: offered && may(me, 'platform/saved-filters:read') });
  const bare = raw.saved === undefined && Object.keys(viewParams(model, raw)).length === 0;
  const first = views.data ? defaultView(me, views.data) : null;
  const opening = bare && first !== null;
  useEffect(() => {
    if (opening && ready) void navigate({ to: '.', replace: true, search: ((previous: Raw) => ({ ...previous, ...paramsOf(model, first), saved: first.id })) as never });
  }, [first, model, navigate, opening, ready]);
  return { views: views.data ?? NONE, filters: filters.data ?? NONE, offered, pending: offered && bare && (views.isPending || opening) };
}
