import { Button, Menu } from '@mantine/core';
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { apiUrl, post } from '~/api/client';
import { listQuery, modelsQuery, queryClient } from '~/api/queries';
import type { Model, Row } from '~/api/types';
import { deniedReason, useMe } from '~/app/session';
import { modelPath } from '~/app/navigation';
import { useRaw, useView } from '~/app/view';
import { ConfirmDanger } from '~/kit/ConfirmDanger';
import { DataTable, TableFoot, type Column } from '~/kit/DataTable';
import { IconDownload, iconNamed, IconListSearch, IconPlus, IconSearch, IconTrash } from '~/kit/icons';
import { LinkButton } from '~/kit/LinkButton';
import { SearchBox } from '~/kit/SearchBox';
import { EmptyState, ErrorState } from '~/kit/States';
import { toast } from '~/kit/toast';
import { count, lower, plain, plural } from '~/lib/format';
import { createStoredStore, useStore } from '~/lib/store';
import { defineView, list, oneOf, sort, text, type Raw } from '~/lib/urlstate';
import { ColumnPicker } from './ColumnPicker';
import { columnHabits, remember, shownColumns } from './columns';
import { valueOf } from './custom';
import { FilterChips } from './FilterChips';
import { FilterMenu } from './FilterMenu';
import { filterKey, parseFilters, type Filter } from './filters';
import { HeadFilter } from './HeadFilter';
import { listLinksOf } from './links';
import { quickOf, quickText, withQuick, type Quick } from './quick';
import { TokenOnce } from './TokenOnce';
import { useViews } from './useViews';
import { useWhole } from './useWhole';
import { Value } from './Value';
import { ViewMenu } from './ViewMenu';
import { PLAIN, SIZES, viewParams } from './views';
import css from './records.module.css';

// The form and its pickers come when a record is opened.
const BulkEdit = lazy(() => import('./BulkEdit').then((module) => ({ default: module.BulkEdit })));
const RecordDrawer = lazy(() => import('./RecordDrawer').then((module) => ({ default: module.RecordDrawer })));

export const recordsView = defineView({ q: text(), sort: sort(), cols: list(), rows: oneOf(SIZES, '100'), saved: text(), sel: text(), tab: oneOf(['record', 'history'], 'record') });

/** Whether lists show filters in the heads of their columns; kept in this browser. */
const headFilters = createStoredStore<boolean>('portolan.headfilters', false, (value): value is boolean => typeof value === 'boolean');

/** The one list: columns, filters, order and the open record are in the URL. */
export function RecordList({ model: bare }: { model: Model }) {
  const me = useMe();
  const { model, pending } = useWhole(bare);
  const { data: models } = useSuspenseQuery(modelsQuery);
  const raw = useRaw();
  const navigate = useNavigate();
  const [view, setView] = useView(recordsView);
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const [confirm, setConfirm] = useState(false);
  const [bulk, setBulk] = useState(false);
  const [opened, setOpened] = useState(view.sel !== '');
  if (view.sel !== '' && !opened) setOpened(true);
  const [token, setToken] = useState<string | null>(null);
  const filters = useMemo(() => parseFilters(model, raw), [model, raw]);

  const params = useMemo(() => {
    const order = view.sort ? `${view.sort.descending ? '-' : ''}${view.sort.key}` : undefined;
    return { q: view.q || undefined, sort: order ?? model.default_sort ?? undefined, ...Object.fromEntries(filters.map((filter) => [filterKey(filter), filter.value])) };
  }, [filters, model.default_sort, view.q, view.sort]);
  const views = useViews(model, !pending, raw);
  const rows = useInfiniteQuery({ ...listQuery<Row>(model.path, params, { counted: true, limit: Number(view.rows) }), enabled: !views.pending });
  const items = useMemo(() => rows.data?.pages.flatMap((page) => page.items) ?? [], [rows.data]);
  const total = rows.data?.pages[0]?.total;
  const habits = useStore(columnHabits);
  const shown = useMemo(() => shownColumns(model, view.cols, habits), [habits, model, view.cols]);

  const columns = useMemo<Column<Row>[]>(
    () =>
      shown.flatMap((name, at) => {
        const field = model.fields.find((each) => each.name === name);
        if (!field) return [];
        const number = field.type === 'integer' || field.type === 'decimal';
        return [
          {
            key: name,
            label: field.label,
            sortable: model.sortable.includes(name),
            align: number ? ('right' as const) : undefined,
            render: (row: Row) => {
              const told = valueOf(row, field);
              const value = <Value field={field} value={told} />;
              return at === 0 ? (
                <button type="button" className="link-button" onClick={() => setView({ sel: row.id, tab: 'record' }, { push: true })}>
                  {told === null || told === undefined || told === '' ? 'Open' : field.type === 'text' ? plain(told) : value}
                </button>
              ) : (
                value
              );
            },
          },
        ];
      }),
    [model, setView, shown],
  );

  const heads = useStore(headFilters);
  const quicks = useMemo(
    () =>
      new Map(
        model.fields.flatMap((field): [string, Quick][] => {
          const quick = quickOf(model, field, models);
          return quick === null ? [] : [[field.name, quick]];
        }),
      ),
    [model, models],
  );

  /** Another view in place of what the list shows; what else the URL says stays. */
  const openView = (next: Record<string, string>, saved: string) => {
    void navigate({
      to: '.',
      search: ((previous: Raw) => {
        const mine = viewParams(model, previous);
        return { ...Object.fromEntries(Object.entries(previous).filter(([key]) => !(key in mine))), ...next, saved };
      }) as never,
    });
  };

  const setFilters = (next: Filter[]) => {
    void navigate({
      to: '.',
      replace: true,
      search: ((previous: Raw) => {
        const rest = { ...previous };
        for (const filter of filters) delete rest[filterKey(filter)];
        return { ...rest, ...Object.fromEntries(next.map((filter) => [filterKey(filter), filter.value])) };
      }) as never,
    });
  };

  const filtered = !heads
    ? columns
    : columns.map((column) => {
        const quick = quicks.get(column.key);
        return quick ? { ...column, below: <HeadFilter quick={quick} label={column.label} text={quickText(quick, filters)} onChange={(typed) => setFilters(withQuick(filters, quick, typed))} /> } : column;
      });

  const narrowed = view.q !== '' || filters.length > 0;
  const selectable = model.operations.includes('delete') || model.operations.includes('update');
  const creatable = model.operations.includes('create');
  const denied = deniedReason(me, `${model.permission}:write`);
  const create = () => setView({ sel: 'new' }, { push: true });
  const createButton = creatable && (
    <Button leftSection={<IconPlus size={15} />} disabled={denied !== undefined} title={denied} onClick={create}>
      New {lower(model.title)}
    </Button>
  );

  const removeSelected = () =>
    post(`${model.path}/actions/batch`, { operations: items.filter((row) => selected.has(row.id)).map((row) => ({ op: 'delete', id: row.id, version: row.version })), atomic: true }).then(() => {
      toast(`${plural(selected.size, lower(model.title), lower(model.title_plural))} deleted`);
      setSelected(new Set());
      return queryClient.invalidateQueries({ queryKey: ['list', model.path] });
    });

  return (
    <div className="page page-full">
      <div className="page-head">
        <h1>{model.title_plural}</h1>
        {model.description && <p>{model.description}</p>}
        <span className="row" style={{ marginLeft: 'auto' }}>
          {listLinksOf(model.name).map((link) => (
            <LinkButton key={link.label} variant="default" to={link.to as never}>
              {link.label}
            </LinkButton>
          ))}
          {creatable && (
            <LinkButton variant="default" disabled={denied !== undefined} title={denied} to={`${modelPath(model)}/import` as never}>
              Import
            </LinkButton>
          )}
          {createButton}
        </span>
      </div>
      <div className="row">
        {views.offered && <ViewMenu model={model} raw={raw} columns={shown} views={views.views} filters={views.filters} onOpen={openView} />}
        {model.searchable !== false && <SearchBox value={view.q} label={`Search ${lower(model.title_plural)}`} onChange={(q) => setView({ q })} />}
        <FilterMenu model={model} onAdd={(filter) => setFilters([...filters.filter((each) => filterKey(each) !== filterKey(filter)), filter])} />
        <Button variant="default" aria-pressed={heads} leftSection={<IconListSearch size={15} />} title="Filters in the heads of the columns" onClick={() => headFilters.set(!heads)}>
          Quick filters
        </Button>
        <FilterChips model={model} filters={filters} onRemove={(filter) => setFilters(filters.filter((each) => each !== filter))} />
        <span className="grow" />
        {selected.size > 0 && model.operations.includes('update') && (
          <Button variant="default" disabled={denied !== undefined} title={denied} onClick={() => setBulk(true)}>
            Edit {selected.size}
          </Button>
        )}
        {selected.size > 0 && model.operations.includes('delete') && (
          <Button variant="outline" color="red" leftSection={<IconTrash size={15} />} disabled={deniedReason(me, `${model.permission}:delete`) !== undefined} onClick={() => setConfirm(true)}>
            Delete {selected.size}
          </Button>
        )}
        <ColumnPicker
          model={model}
          shown={shown}
          onChange={(cols) => {
            // A habit is how one sees the list itself, not one of its views.
            if (view.saved === '' || view.saved === PLAIN) columnHabits.set(remember(columnHabits.get(), model.name, cols));
            setView({ cols });
          }}
        />
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<IconDownload size={15} />}>
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>All that match, not only what is loaded</Menu.Label>
            {(['csv', 'json', 'ndjson'] as const).map((format) => (
              <Menu.Item key={format} component="a" href={apiUrl(model.path, { ...params, format })} download={`${model.collection}.${format}`}>
                {format.toUpperCase()}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      {rows.isError && <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />}
      {!rows.isError && (
        <DataTable
          fill
          label={model.title_plural}
          columns={filtered}
          rows={items}
          rowKey={(row) => row.id}
          total={total}
          sort={view.sort}
          onSort={(next) => setView({ sort: next })}
          onOpen={(row) => setView({ sel: row.id, tab: 'record' }, { push: true })}
          activeKey={view.sel}
          selected={selectable ? selected : undefined}
          onSelect={selectable ? setSelected : undefined}
          loading={rows.isPending}
          onEnd={() => rows.hasNextPage && !rows.isFetchingNextPage && void rows.fetchNextPage()}
          empty={
            narrowed ? (
              <EmptyState icon={IconSearch} title="Nothing matches" actions={<Button variant="default" onClick={() => openView({}, PLAIN)}>Clear search and filters</Button>}>
                No {lower(model.title)} has what the search and the filters ask for.
              </EmptyState>
            ) : (
              <EmptyState icon={iconNamed(model.icon)} title={`No ${lower(model.title_plural)} yet`} actions={createButton}>
                {model.description || (creatable ? `Create the first ${lower(model.title)}.` : 'They appear here by themselves.')}
              </EmptyState>
            )
          }
        />
      )}
      <TableFoot>
        <span>
          {count(items.length)} of {total === undefined ? '?' : count(total)} loaded
        </span>
        {rows.hasNextPage && (
          <Button variant="default" size="compact-xs" loading={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
            Load more
          </Button>
        )}
        <span className="grow" />
        <label className="row" style={{ gap: 6 }}>
          Rows at a time
          <select className={css.size} value={view.rows} onChange={(event) => setView({ rows: SIZES.find((size) => size === event.currentTarget.value) ?? '100' })}>
            {SIZES.map((size) => (
              <option key={size}>{size}</option>
            ))}
          </select>
        </label>
      </TableFoot>
      <Suspense fallback={null}>
        {opened && (
          <RecordDrawer
            model={bare}
            selected={view.sel}
            tab={view.tab}
            onTab={(tab) => setView({ tab })}
            onClose={() => setView({ sel: '', tab: 'record' })}
            onCreated={(row) => {
              if (typeof row.token === 'string') setToken(row.token);
              setView({ sel: '' });
            }}
          />
        )}
        {bulk && (
          <BulkEdit
            model={model}
            rows={items.filter((row) => selected.has(row.id))}
            onClose={() => setBulk(false)}
            onDone={() => {
              setBulk(false);
              setSelected(new Set());
            }}
          />
        )}
      </Suspense>
      <TokenOnce token={token} onClose={() => setToken(null)} />
      <ConfirmDanger opened={confirm} onClose={() => setConfirm(false)} title={`Delete ${plural(selected.size, lower(model.title), lower(model.title_plural))}?`} action="Delete" onConfirm={removeSelected}>
        All of them, or none if one cannot be deleted.
      </ConfirmDanger>
    </div>
  );
}
