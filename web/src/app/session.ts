/** Who is signed in. Reads through the query cache; writes end in a fresh `/me`. */
import { useSuspenseQuery } from '@tanstack/react-query';
import { call, post, setCsrfToken } from '~/api/client';
import { meQuery, queryClient } from '~/api/queries';
import type { Me } from '~/api/types';
import { covers } from '~/lib/permissions';

interface SessionAnswer {
  csrf_token: string;
  must_change_password: boolean;
}

export async function signIn(username: string, password: string): Promise<SessionAnswer> {
  const answer = await post<SessionAnswer>('/api/v1/auth/session', { username, password });
  setCsrfToken(answer.csrf_token);
  queryClient.clear();
  return answer;
}

export async function signOut(): Promise<void> {
  await call<undefined>('DELETE', '/api/v1/auth/session');
  setCsrfToken(null);
  queryClient.clear();
}

export async function changePassword(current: string, next: string): Promise<void> {
  await post('/api/v1/auth/password', { current, new: next });
  queryClient.clear();
}

export async function chooseTenant(id: string): Promise<void> {
  await post('/api/v1/session/tenant', { tenant_id: id });
  queryClient.clear();
}

export async function loadMe(): Promise<Me> {
  const me = await queryClient.ensureQueryData(meQuery);
  if (me.csrf_token) setCsrfToken(me.csrf_token);
  return me;
}

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

export function may(me: Me, permission: string): boolean {
  return covers(me.permissions, permission);
}

/** Why something is disabled, or undefined when it is allowed. */
export function deniedReason(me: Me, permission: string): string | undefined {
  return may(me, permission) ? undefined : `Needs the permission ${permission}; an administrator can give it to you under Roles.`;
}
