import { Button, SegmentedControl, Select } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';
import { DriftBadge } from './DriftBadge';
import { driftQuery, driftSummaryQuery } from './queries';
import type { DriftItem, DriftSummary } from '~/api/types';
import { useKeys } from '~/app/keys';
import { may, useMe } from '~/app/session';
import { useView } from '~/app/view';
import { DataTable, TableFoot, type Column } from '~/kit/DataTable';
import { IconCheck, IconClipboardList, IconDownload, IconEyeOff, IconRadar, IconRefresh, IconSearch } from '~/kit/icons';
import { SearchBox } from '~/kit/SearchBox';
import { EmptyState, ErrorState } from '~/kit/States';
import { RelTime } from '~/kit/Text';
import { count, humanise, localTime, percent, plural } from '~/lib/format';
import { defineView, oneOf, text } from '~/lib/urlstate';
import { ChangeDialog } from './ChangeDialog';
import { decide } from './decide';
import css from './drift.module.css';
import { DriftDrawer } from './DriftDrawer';
import { IgnoreDialog } from './IgnoreDialog';
import { stateOf, whatDrifted } from './words';

const STATES = ['open', 'pending', 'ignored', 'accepted', 'change_requested', 'overdue', 'resolved', 'all'] as const;
const GROUPS = ['device', 'site', 'severity'] as const;
const KINDS = ['device', 'interface', 'address', 'cable'];
const TYPES = ['missing', 'unexpected', 'different', 'misplaced', 'conflict', 'duplicate', 'stale'];
const SEVERITIES = ['high', 'medium', 'low', 'info'];

const view = defineView({ q: text(), state: oneOf(STATES, 'open'), group: oneOf(GROUPS, 'device'), kind: text(), type: text(), severity: text(), sel: text() });

const words = (values: readonly string[]) => values.map((value) => ({ value, label: value === 'change_requested' ? 'Change ordered' : humanise(value) }));

/** What the group of a row is called. */
function groupOf(item: DriftItem, group: (typeof GROUPS)[number]): string {
  if (group === 'site') return item.site || 'no site';
  return group === 'severity' ? item.severity : item.device_name;
}

export function DriftPage() {
  const navigate = useNavigate();
  const me = useMe();
  const [{ q, state, group, kind, type, severity, sel }, setView] = useView(view);
  const params = useMemo(() => ({ q: q || undefined, state: state === 'overdue' ? 'change_requested' : state, overdue: state === 'overdue' ? 'true' : undefined, kind: kind || undefined, type: type || undefined, severity: severity || undefined, sort: group }), [q, state, group, kind, type, severity]);
  const drift = useInfiniteQuery(driftQuery(params));
  const summary = useQuery(driftSummaryQuery);
  const rows = useMemo(() => drift.data?.pages.flatMap((page) => page.items) ?? [], [drift.data]);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [ignoring, setIgnoring] = useState<string[] | null>(null);
  const [changing, setChanging] = useState<string[] | null>(null);
  const mayDecide = may(me, 'atlas/drift:write');
  const mayImport = may(me, 'atlas/drift:execute');
  // What is no longer listed is no longer chosen.
  const selected = useMemo(() => new Set(rows.map((row) => row.id).filter((id) => chosen.has(id))), [rows, chosen]);
  const total = drift.data?.pages[0]?.total;
  const narrowed = q !== '' || kind !== '' || type !== '' || severity !== '' || state !== 'open';

  const targets = () => (selected.size > 0 ? [...selected] : rowInFocus());
  const act = (decision: 'accept' | 'reopen') => {
    const ids = targets();
    if (ids.length > 0 && mayDecide) void decide(decision, ids).then(() => setChosen(new Set()));
  };
  const ignore = () => {
    const ids = targets();
    if (ids.length > 0 && mayDecide) setIgnoring(ids);
  };
  const change = () => {
    const ids = targets();
    if (ids.length > 0 && mayDecide) setChanging(ids);
  };
  useKeys({ a: () => act('accept'), i: ignore, c: change, u: () => act('reopen') });

  const columns = useMemo<Column<DriftItem>[]>(
    () => [
      {
        key: 'group',
        label: group.charAt(0).toUpperCase() + group.slice(1),
        render: (item) => {
          const at = rows.indexOf(item);
          const before = rows[at - 1];
          const name = groupOf(item, group);
          return <span data-drift={item.id} className={before && groupOf(before, group) === name ? css.same : undefined}>{name}</span>;
        },
      },
      {
        key: 'what',
        label: 'What',
        render: (item) => (
          <button type="button" className="link-button" onClick={() => setView({ sel: item.id }, { push: true })}>
            {whatDrifted(item)}
          </button>
        ),
      },
      { key: 'title', label: 'Where', render: (item) => item.title },
      { key: 'intended', label: 'Intended', render: (item) => item.intended ?? <span className="muted">nothing</span> },
      { key: 'observed', label: 'Observed', render: (item) => item.observed ?? <span className="muted">nothing</span> },
      { key: 'severity', label: 'Severity', render: (item) => <DriftBadge word={item.severity} /> },
      ...(state === 'open' ? [] : [{ key: 'state', label: 'State', render: (item: DriftItem) => <DriftBadge word={stateOf(item)} /> }]),
      ...(state === 'change_requested' || state === 'overdue'
        ? [
            { key: 'assignee', label: 'Assignee', render: (item: DriftItem) => item.change?.assignee ?? <span className="muted">nobody</span> },
            { key: 'due', label: 'Due', render: (item: DriftItem) => (item.change?.due ? localTime(item.change.due) : <span className="muted">no time</span>) },
          ]
        : []),
      { key: 'first', label: 'Since', render: (item) => <RelTime at={item.opened_at ?? item.first_seen} /> },
    ],
    [group, rows, state, setView],
  );

  const importButton = mayImport && (
    <Button variant="default" leftSection={<IconDownload size={15} />} onClick={() => void navigate({ to: '/drift/import' })}>
      Import what was discovered
    </Button>
  );

  return (
    <div className="page page-full">
      <div className="page-head">
        <h1>Drift</h1>
        <p>Where the network is not what it is meant to be.</p>
        <span className="row" style={{ marginLeft: 'auto' }}>
          <Link to="/drift/rules">Rules</Link>
          {importButton}
        </span>
      </div>
      {summary.data && <Figures summary={summary.data} />}
      <div className="row">
        <SearchBox value={q} label="Search drift" onChange={(next) => setView({ q: next })} />
        <Select aria-label="State" data={words(STATES)} value={state} allowDeselect={false} onChange={(value) => setView({ state: (value ?? 'open') as (typeof STATES)[number] })} w={120} />
        <Select aria-label="Kind" placeholder="Any kind" clearable clearButtonProps={{ 'aria-label': 'Any kind' }} data={words(KINDS)} value={kind || null} onChange={(value) => setView({ kind: value ?? '' })} w={130} />
        <Select aria-label="Type" placeholder="Any type" clearable clearButtonProps={{ 'aria-label': 'Any type' }} data={words(TYPES)} value={type || null} onChange={(value) => setView({ type: value ?? '' })} w={140} />
        <Select aria-label="Severity" placeholder="Any severity" clearable clearButtonProps={{ 'aria-label': 'Any severity' }} data={words(SEVERITIES)} value={severity || null} onChange={(value) => setView({ severity: value ?? '' })} w={140} />
        <SegmentedControl aria-label="Group by" value={group} onChange={(next) => setView({ group: next as (typeof GROUPS)[number] })} data={words(GROUPS)} />
        <span className="grow" />
        {mayDecide && selected.size > 0 && (
          <>
            <Button leftSection={<IconCheck size={15} />} onClick={() => act('accept')}>
              Accept {selected.size}
            </Button>
            <Button variant="default" leftSection={<IconEyeOff size={15} />} onClick={ignore}>
              Ignore {selected.size}
            </Button>
            <Button variant="default" leftSection={<IconClipboardList size={15} />} onClick={change}>
              Order a change for {selected.size}
            </Button>
            {(state === 'ignored' || state === 'accepted' || state === 'change_requested' || state === 'overdue') && (
              <Button variant="default" leftSection={<IconRefresh size={15} />} onClick={() => act('reopen')}>
                Reopen {selected.size}
              </Button>
            )}
          </>
        )}
      </div>
      {drift.isError ? (
        <ErrorState error={drift.error} onRetry={() => void drift.refetch()} />
      ) : (
        <DataTable
          fill
          label="Drift"
          columns={columns}
          rows={rows}
          rowKey={(item) => item.id}
          activeKey={sel}
          total={total}
          selected={mayDecide ? selected : undefined}
          onSelect={mayDecide ? setChosen : undefined}
          onOpen={(item) => setView({ sel: item.id }, { push: true })}
          loading={drift.isPending}
          onEnd={() => drift.hasNextPage && !drift.isFetchingNextPage && void drift.fetchNextPage()}
          empty={narrowed ? <EmptyState icon={IconSearch} title="Nothing matches" actions={<Button variant="default" onClick={() => setView({ q: '', kind: '', type: '', severity: '', state: 'open' })}>Clear search and filters</Button>} /> : <Nothing summary={summary.data} action={importButton} />}
        />
      )}
      <TableFoot>
        <span>{total === undefined ? '' : plural(total, 'difference')}</span>
        {mayDecide && rows.length > 0 && <span className="muted">x choose, a accept, i ignore, c order a change, u reopen</span>}
      </TableFoot>
      <DriftDrawer id={sel} mayDecide={mayDecide} onIgnore={() => setIgnoring([sel])} onChange={() => setChanging([sel])} onClose={() => setView({ sel: '' })} />
      {changing && (
        <ChangeDialog
          ids={changing}
          onClose={(done) => {
            setChanging(null);
            if (done) {
              setChosen(new Set());
              setView({ sel: '' });
            }
          }}
        />
      )}
      {ignoring && (
        <IgnoreDialog
          ids={ignoring}
          onClose={(done) => {
            setIgnoring(null);
            if (done) {
              setChosen(new Set());
              setView({ sel: '' });
            }
          }}
        />
      )}
    </div>
  );
}

/** The item of the table row that has the focus. */
function rowInFocus(): string[] {
  const id = document.activeElement?.closest('tr')?.querySelector<HTMLElement>('[data-drift]')?.dataset.drift;
  return id === undefined ? [] : [id];
}

function Figures({ summary }: { summary: DriftSummary }) {
  const { counts } = summary;
  if (counts.intended === 0) return null;
  const figures: [string, string, string?][] = [
    ['As intended', percent(summary.accuracy), `${count(counts.alike)} of ${count(counts.comparable)} attributes`],
    ['Seen', percent(summary.coverage), `${count(counts.covered)} of ${plural(counts.intended, 'device')}`],
    ['Nobody looks', count(counts.unverifiable)],
    ['Open', count(summary.states.open ?? 0)],
    ['Ignored', count(summary.states.ignored ?? 0)],
    ['Changes ordered', count(summary.states.change_requested ?? 0), `${count(summary.overdue)} overdue`],
  ];
  return (
    <dl className={css.figures}>
      {figures.map(([name, value, title]) => (
        <div key={name} title={title}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Nothing({ summary, action }: { summary: DriftSummary | undefined; action: ReactNode }) {
  if (summary && summary.counts.intended === 0 && summary.counts.observed === 0) {
    return (
      <EmptyState icon={IconRadar} title="Nothing is known yet" actions={<Link to="/discovery">Start a discovery</Link>}>
        Drift is what differs between the inventory and the network. Discover the network first.
      </EmptyState>
    );
  }
  if (summary && summary.counts.intended === 0) {
    return (
      <EmptyState icon={IconDownload} title="The inventory is empty" actions={action}>
        {plural(summary.counts.observed, 'device')} {summary.counts.observed === 1 ? 'was' : 'were'} discovered. Import what was discovered, and from then on every difference shows here.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconCheck} title="The network is as it is meant to be">
      As soon as something observed differs from the inventory for long enough, it is listed here with its evidence.
    </EmptyState>
  );
}
