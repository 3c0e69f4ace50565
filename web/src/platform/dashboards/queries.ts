import { queryOptions } from '@tanstack/react-query';
import { ApiError, call, get } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { Me, Page, Row } from '~/api/types';
import type { Widget } from './layout';

export const DASHBOARDS = '/api/v1/platform/dashboards';

export interface Dashboard extends Row {
  name: string;
  description: string | null;
  user: { id: string; display: string } | null;
  weight: number;
  shared: boolean;
  home: boolean;
  layout: unknown;
}

export const dashboardsQuery = queryOptions({
  queryKey: ['list', DASHBOARDS, 'all'],
  queryFn: ({ signal }) => get<Page<Dashboard>>(DASHBOARDS, { limit: 500, sort: 'weight' }, signal).then((page) => page.items),
  staleTime: 30_000,
});

/** One's own, and what others share. */
export function mine(me: Me, boards: readonly Dashboard[]): Dashboard[] {
  return boards.filter((board) => board.shared || board.user?.id === me.user.id);
}

const changed = () => Promise.all([queryClient.invalidateQueries({ queryKey: ['list', DASHBOARDS] }), queryClient.invalidateQueries({ queryKey: ['record', DASHBOARDS] })]);

export async function createDashboard(body: Record<string, unknown>): Promise<Dashboard> {
  const { data } = await call<Dashboard>('POST', DASHBOARDS, { body, idempotent: true });
  await changed();
  return data;
}

export async function changeDashboard(board: Dashboard, body: Record<string, unknown>): Promise<Dashboard> {
  const { data } = await call<Dashboard>('PATCH', `${DASHBOARDS}/${board.id}`, { body, ifMatch: `"v${board.version}"` });
  await changed();
  return data;
}

export async function deleteDashboard(board: Dashboard): Promise<void> {
  await call<undefined>('DELETE', `${DASHBOARDS}/${board.id}`, { ifMatch: `"v${board.version}"` });
  await changed();
}

/** What is sent of a widget: texts that say nothing are left out. */
export function layoutBody(widgets: readonly Widget[]) {
  return { widgets: widgets.map(({ title, ...widget }) => (title === '' ? widget : { ...widget, title })) };
}

/** A question that a server without the product, or without the right, answers with nothing. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return null;
    throw error;
  }
}
