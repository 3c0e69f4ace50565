import { messageOf, post } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { DriftDecided } from '~/api/types';
import { toast } from '~/kit/toast';
import { plural } from '~/lib/format';

export type Decision = 'accept' | 'ignore' | 'reopen' | 'change';

const DONE: Record<Decision, string> = { accept: 'accepted', ignore: 'ignored', reopen: 'reopened', change: 'waiting for a change' };
/** Items of one request. */
const MANY = 200;

export function refreshDrift(): void {
  void queryClient.invalidateQueries({ queryKey: ['drift'] });
  void queryClient.invalidateQueries({ queryKey: ['list', '/api/v1/atlas/drift'] });
}

/** Takes back what accepting wrote; whether that was done. */
export async function undo(id: string): Promise<boolean> {
  try {
    await post(`/api/v1/atlas/drift/${encodeURIComponent(id)}/actions/undo`);
    toast('Taken back: the inventory is as it was before');
    return true;
  } catch (error) {
    toast(messageOf(error), 'critical');
    return false;
  } finally {
    refreshDrift();
  }
}

/** Decides on many items; tells what was done and the first thing that was refused. */
export async function decide(decision: Decision, ids: string[], body: Readonly<Record<string, unknown>> = {}): Promise<void> {
  let done = 0;
  const refused: DriftDecided['refused'] = [];
  try {
    for (let at = 0; at < ids.length; at += MANY) {
      const answer = await post<DriftDecided>(`/api/v1/atlas/drift/actions/${decision}`, { ...body, ids: ids.slice(at, at + MANY) });
      done += answer.done;
      refused.push(...answer.refused);
    }
  } catch (error) {
    toast(messageOf(error), 'critical');
  }
  if (done > 0) toast(`${plural(done, 'difference')} ${DONE[decision]}`);
  const [first] = refused;
  if (first) toast(`${plural(refused.length, 'difference')} not ${DONE[decision]}: ${first.problem.detail ?? first.problem.title ?? 'refused'}`, 'critical');
  refreshDrift();
}
