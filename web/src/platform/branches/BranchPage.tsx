import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { enterBranch, enteredBranch } from '~/api/branch';
import { get, post } from '~/api/client';
import { may, useMe } from '~/app/session';
import { IconCheck } from '~/kit/icons';
import { EmptyState, ErrorState, Skeleton } from '~/kit/States';
import { StatusBadge } from '~/kit/Status';
import { humanise, plural } from '~/lib/format';
import type { Branch, Conflict, Difference, DiffPage } from './types';
import css from './branches.module.css';

const AT = '/api/v1/platform/branches';
const LOOK_MS = 700;

const CONFLICTS: Record<string, string> = {
  changed: 'Both sides changed the same fields.',
  deleted: 'The main line deleted it.',
  'changed-deleted': 'Deleted here, changed on the main line.',
  'no-room': 'Another record has a value that must be unique. Change one of the two, or drop this one.',
};

const TONES = { open: 'info', review: 'warning', merging: 'info', merged: 'ok', reverted: 'unknown', archived: 'unknown' } as const;

/** Waits for a job; the reason when it failed. */
async function finished(job: string): Promise<void> {
  for (;;) {
    const { state, error } = await get<{ state: string; error: string | null }>(`/api/v1/platform/jobs/${job}`);
    if (state === 'completed') return;
    if (state === 'discarded' || state === 'cancelled') throw new Error(error ?? `The job was ${state}.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** What a branch changes, what stands in its way, and what can be done with it. */
export function BranchPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const branch = useQuery({ queryKey: ['branch', id], queryFn: ({ signal }) => get<Branch>(`${AT}/${id}`, undefined, signal) });
  if (branch.isError) {
    return (
      <div className="page">
        <h1>Branch</h1>
        <ErrorState error={branch.error} onRetry={() => void branch.refetch()} />
      </div>
    );
  }
  if (!branch.data) {
    return (
      <div className="page">
        <Skeleton lines={8} />
      </div>
    );
  }
  return (
    <div className="page">
      <div className="page-head">
        <h1>{branch.data.name}</h1>
        <StatusBadge tone={TONES[branch.data.state]}>{humanise(branch.data.state)}</StatusBadge>
        <p>
          {branch.data.description} {branch.data.author && `Made by ${branch.data.author.display}.`} {branch.data.reviewed_by && `Approved by ${branch.data.reviewed_by.display}.`}
        </p>
      </div>
      <Actions branch={branch.data} />
      {(branch.data.state === 'open' || branch.data.state === 'review') && <Conflicts branch={branch.data} />}
      <Changes id={id} />
    </div>
  );
}

function Actions({ branch }: { branch: Branch }) {
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [said, setSaid] = useState('');
  const run = (name: string, work: () => Promise<string>) => {
    setBusy(name);
    setError(null);
    setSaid('');
    work()
      .then(setSaid)
      .catch((reason: unknown) => setError(reason))
      .finally(() => {
        setBusy(null);
        void client.invalidateQueries();
      });
  };
  const act = (action: string, body: object = {}) => post<{ job_id: string; dropped: number; id: string }>(`${AT}/${branch.id}/actions/${action}`, body);
  const writes = may(me, 'platform/branches:write');
  const executes = may(me, 'platform/branches:execute');
  const live = branch.state === 'open' || branch.state === 'review';
  const button = (name: string, label: string, work: () => Promise<string>, primary = false) => (
    <Button key={name} variant={primary ? 'filled' : 'default'} loading={busy === name} disabled={busy !== null} onClick={() => run(name, work)}>
      {label}
    </Button>
  );
  return (
    <>
      <div className="row">
        {live && enteredBranch()?.id !== branch.id && (
          <Button variant="default" onClick={() => enterBranch({ id: branch.id, name: branch.name })}>
            Work in it
          </Button>
        )}
        {writes && branch.state === 'open' && button('submit', 'Hand in for review', async () => (await act('submit'), 'It waits for somebody to approve it.'))}
        {writes && (branch.state === 'review' || branch.state === 'archived') && button('reopen', 'Reopen', async () => (await act('reopen'), 'It can be changed again.'))}
        {writes && live && button('sync', 'Drop what the main line has', async () => `${plural((await act('sync')).dropped, 'record')} dropped.`)}
        {executes && branch.state === 'review' && !branch.reviewed_at && button('approve', 'Approve', async () => (await act('approve'), 'Approved.'))}
        {executes && live && button('try', 'Try the merge', async () => (await finished((await act('merge', { dry_run: true })).job_id), 'It can be merged.'))}
        {executes && live && button('merge', 'Merge', async () => (await finished((await act('merge')).job_id), 'Merged.'), true)}
        {executes &&
          branch.state === 'merged' &&
          button('revert', 'Undo it by a new branch', async () => {
            const { id } = await act('revert');
            await navigate({ to: '/platform/branches/$id' as never, params: { id } as never });
            return 'This branch undoes the other one when it is merged.';
          })}
        {writes && live && button('archive', 'Put away', async () => (await act('archive'), 'Put away.'))}
      </div>
      {error !== null && <ErrorState error={error} />}
      <p role="status">{said}</p>
    </>
  );
}

function Conflicts({ branch }: { branch: Branch }) {
  const me = useMe();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const found = useQuery({ queryKey: ['branch', branch.id, 'conflicts'], queryFn: ({ signal }) => get<{ items: Conflict[] }>(`${AT}/${branch.id}/conflicts`, undefined, signal) });
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data || found.data.items.length === 0) return null;
  const decide = (conflict: Conflict, take: 'mine' | 'theirs') => {
    setError(null);
    const fields = conflict.fields.length > 0 ? conflict.fields : undefined;
    post(`${AT}/${branch.id}/actions/resolve`, { model: conflict.model, id: conflict.id, fields, take })
      .catch((reason: unknown) => setError(reason))
      .finally(() => void client.invalidateQueries({ queryKey: ['branch', branch.id] }));
  };
  const decides = may(me, 'platform/branches:write') && branch.state === 'open';
  return (
    <section aria-labelledby="conflicts">
      <h2 id="conflicts">To be decided before it can be merged</h2>
      {error !== null && <ErrorState error={error} />}
      <ul className={css.list}>
        {found.data.items.map((conflict) => (
          <li key={`${conflict.model}${conflict.id}${conflict.code}`}>
            <div className="row">
              <StatusBadge tone="warning">{humanise(conflict.model.split('.').at(-1) ?? conflict.model)}</StatusBadge>
              <code>{conflict.id}</code>
              <span className="grow">
                {CONFLICTS[conflict.code] ?? conflict.code} {conflict.fields.map(humanise).join(', ')}
              </span>
              {decides && conflict.code !== 'no-room' && (
                <Button size="compact-sm" variant="default" onClick={() => decide(conflict, 'mine')}>
                  Keep the branch’s
                </Button>
              )}
              {decides && (
                <Button size="compact-sm" variant="default" onClick={() => decide(conflict, 'theirs')}>
                  Take the main line’s
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Changes({ id }: { id: string }) {
  const pages = useInfiniteQuery({
    queryKey: ['branch', id, 'diff'],
    queryFn: ({ pageParam, signal }) => get<DiffPage>(`${AT}/${id}/diff`, { limit: 100, cursor: pageParam === '' ? undefined : pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  if (pages.isError) return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />;
  if (!pages.data) return <Skeleton lines={8} />;
  const first = pages.data.pages[0];
  const items = pages.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <EmptyState icon={IconCheck} title="Nothing is changed in this branch">Work in it, and what you change shows here.</EmptyState>;
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">What it changes</h2>
      <p>
        {first?.totals.map((total) => `${total.count} ${humanise(total.model.split('.').at(-1) ?? total.model).toLowerCase()} ${total.action}d`).join(', ')}
        {first && first.hidden > 0 && `, and ${plural(first.hidden, 'record')} that you may not read`}
      </p>
      <ul className={css.list}>
        {items.map((item) => (
          <Changed key={`${item.model}${item.id}`} item={item} />
        ))}
      </ul>
      {pages.hasNextPage && (
        <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          More
        </Button>
      )}
    </section>
  );
}

const ACTIONS = { create: ['ok', 'New'], update: ['info', 'Changed'], delete: ['critical', 'Deleted'] } as const;

function Changed({ item }: { item: Difference }) {
  const [tone, word] = ACTIONS[item.action];
  return (
    <li>
      <details open={item.conflict !== null}>
        <summary>
          <StatusBadge tone={tone}>{word}</StatusBadge> {humanise(item.model.split('.').at(-1) ?? item.model)} <strong>{shown(item.display)}</strong>
          {item.conflict !== null && <StatusBadge tone="warning">{CONFLICTS[item.conflict.code] ?? item.conflict.code}</StatusBadge>}
        </summary>
        <table className={css.fields}>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Before</th>
              <th scope="col">Main line now</th>
              <th scope="col">In the branch</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(item.changes).map(([field, sides]) => (
              <tr key={field} data-conflict={item.conflict?.fields.includes(field) ? '' : undefined}>
                <th scope="row">{humanise(field)}</th>
                <td>{shown(sides.base)}</td>
                <td>{shown(sides.main)}</td>
                <td>{shown(sides.after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </li>
  );
}

/** A value as people know it. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value === 'object') return 'display' in value ? shown(value.display) : JSON.stringify(value);
  return String(value);
}
