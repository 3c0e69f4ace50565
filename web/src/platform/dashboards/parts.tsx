/** Widgets that show records and words. */
import { useQueries, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { get } from '~/api/client';
import { modelsQuery, whenPolling } from '~/api/queries';
import type { Model, Page, Row } from '~/api/types';
import { modelPath } from '~/app/navigation';
import { deniedReason, may, useMe } from '~/app/session';
import { iconNamed } from '~/kit/icons';
import { ErrorState, Skeleton } from '~/kit/States';
import { count, lower, plain } from '~/lib/format';
import { valueOf } from '~/platform/records/custom';
import { defaultColumns } from '~/platform/records/fields';
import { LinkedValue } from '~/platform/records/LinkedValue';
import { recordPagePath, targetPath } from '~/platform/records/paths';
import { useWhole } from '~/platform/records/useWhole';
import { viewsQuery } from '~/platform/records/useViews';
import { mayUse, paramsOf } from '~/platform/records/views';
import { list } from '~/lib/urlstate';
import { barsOf, chartFields, GROUPS, type Bar } from './chart';
import css from './dashboards.module.css';

export type Config = Readonly<Record<string, unknown>>;

/** How long what a widget shows is fresh, when no event tells. */
const POLL_MS = 30_000;
/** Columns of a list in a widget. */
const COLUMNS = 4;

export const textOf = (config: Config, name: string) => (typeof config[name] === 'string' ? config[name] : '');
export const listOf = (config: Config, name: string) => (Array.isArray(config[name]) ? config[name].filter((each) => typeof each === 'string') : []);
export const limitOf = (config: Config, name: string, fallback: number) => (typeof config[name] === 'number' && config[name] >= 1 ? Math.min(100, Math.round(config[name])) : fallback);
const paramsIn = (config: Config): Record<string, string> => (typeof config.parameters === 'object' && config.parameters !== null ? Object.fromEntries(Object.entries(config.parameters).filter((entry): entry is [string, string] => typeof entry[1] === 'string')) : {});

export function Missing({ children }: { children: ReactNode }) {
  return <p className="muted">{children}</p>;
}

export function CountsPart({ config }: { config: Config }) {
  const me = useMe();
  const { data: models } = useSuspenseQuery(modelsQuery);
  const shown = listOf(config, 'models').flatMap((name) => models.find((model) => model.name === name && may(me, `${model.permission}:read`)) ?? []);
  const counts = useQueries({ queries: shown.map((model) => ({ queryKey: ['list', model.path, 'count'], queryFn: ({ signal }: { signal: AbortSignal }) => get<Page<Row>>(model.path, { limit: 1, count: 'exact' }, signal).then((page) => page.total ?? page.items.length), refetchInterval: whenPolling(POLL_MS) })) });
  if (shown.length === 0) return <Missing>No kinds of records are chosen, or you may read none of them.</Missing>;
  return (
    <ul className={css.counts}>
      {shown.map((model, at) => {
        const Icon = iconNamed(model.icon);
        return (
          <li key={model.name}>
            <Link to={modelPath(model) as never}>
              <Icon size={16} stroke={1.6} aria-hidden="true" />
              <strong>{counts[at]?.isError ? '?' : count(counts[at]?.data)}</strong>
              <span>{model.title_plural}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

interface RowsProps {
  model: Model;
  params: Record<string, string>;
  columns: readonly string[];
  limit: number;
  search: Record<string, string>;
}

/** Some records as a small table, with the way to all of them. */
function Rows({ model: bare, params, columns, limit, search }: RowsProps) {
  const me = useMe();
  const { model, pending } = useWhole(bare);
  const denied = deniedReason(me, `${model.permission}:read`);
  const { cols: _cols, rows: _rows, ...asked } = params;
  const rows = useQuery({
    queryKey: ['list', model.path, 'widget', asked, limit],
    queryFn: ({ signal }) => get<Page<Row>>(model.path, { sort: model.default_sort ?? undefined, ...asked, limit }, signal),
    refetchInterval: whenPolling(POLL_MS),
    enabled: denied === undefined,
  });
  if (denied !== undefined) return <Missing>{denied}</Missing>;
  if (rows.isPending || pending) return <Skeleton lines={4} />;
  if (rows.isError) return <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />;
  if (rows.data.items.length === 0) return <Missing>No {lower(model.title_plural)} here.</Missing>;
  const chosen = columns.length > 0 ? columns : defaultColumns(model).slice(0, COLUMNS);
  const fields = chosen.flatMap((name) => model.fields.find((field) => field.name === name) ?? []);
  const openable = model.operations.includes('read');
  return (
    <>
      <table className="tabular">
        <thead>
          <tr>
            {fields.map((field) => (
              <th key={field.name} scope="col">
                {field.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.data.items.map((row) => (
            <tr key={row.id}>
              {fields.map((field, at) => {
                const value = valueOf(row, field);
                return <td key={field.name}>{at === 0 && openable && field.type !== 'reference' ? <Link to={recordPagePath(model, row.id) as never}>{plain(value) === '-' ? model.title : field.type === 'datetime' ? <LinkedValue field={field} value={value} /> : plain(value)}</Link> : <LinkedValue field={field} value={value} />}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={css.more}>
        <Link to={modelPath(model) as never} search={search as never}>
          {rows.data.next_cursor ? `All ${lower(model.title_plural)}` : 'As a list'}
        </Link>
      </p>
    </>
  );
}

export function RecordsPart({ config }: { config: Config }) {
  const me = useMe();
  const { data: models } = useSuspenseQuery(modelsQuery);
  const model = models.find((each) => each.name === textOf(config, 'model'));
  const wanted = textOf(config, 'view');
  const views = useQuery({ ...viewsQuery(model?.name ?? ''), enabled: wanted !== '' && model !== undefined });
  if (!model) return <Missing>This server has no such kind of records.</Missing>;
  if (wanted === '') return <Rows model={model} params={paramsIn(config)} columns={listOf(config, 'columns')} limit={limitOf(config, 'limit', 10)} search={paramsIn(config)} />;
  if (views.isPending) return <Skeleton lines={4} />;
  if (views.isError) return <ErrorState error={views.error} />;
  const view = views.data.find((each) => each.id === wanted && mayUse(me, each));
  if (!view) return <Missing>The saved view is not there any more, or not shared with you.</Missing>;
  const params = paramsOf(model, view);
  return <Rows model={model} params={params} columns={list().parse(params.cols).slice(0, 6)} limit={limitOf(config, 'limit', 10)} search={{ ...params, saved: view.id }} />;
}

/** Records of a platform model, newest first. */
function Newest({ name, columns, limit }: { name: string; columns: readonly string[]; limit: number }) {
  const { data: models } = useSuspenseQuery(modelsQuery);
  const model = models.find((each) => each.name === name);
  if (!model) return <Missing>This server does not have it.</Missing>;
  return <Rows model={model} params={{}} columns={columns.filter((column) => model.fields.some((field) => field.name === column))} limit={limit} search={{}} />;
}

export const ChangesPart = ({ config }: { config: Config }) => <Newest name="audit.entry" columns={['at', 'actor', 'actor_name', 'operation', 'action', 'object', 'created_at']} limit={limitOf(config, 'limit', 8)} />;

export const JobsPart = ({ config }: { config: Config }) => <Newest name="platform.job" columns={['kind', 'state', 'progress', 'created_at']} limit={limitOf(config, 'limit', 8)} />;

export function BookmarksPart() {
  const me = useMe();
  const { data: models } = useSuspenseQuery(modelsQuery);
  const denied = deniedReason(me, 'platform/bookmarks:read');
  const marks = useQuery({ queryKey: ['list', '/api/v1/platform/bookmarks', 'of', me.user.id], queryFn: ({ signal }) => get<Page<Row>>('/api/v1/platform/bookmarks', { user: me.user.id, limit: 50 }, signal), enabled: denied === undefined });
  if (denied !== undefined) return <Missing>{denied}</Missing>;
  if (marks.isPending) return <Skeleton lines={3} />;
  if (marks.isError) return <ErrorState error={marks.error} />;
  const found = marks.data.items.flatMap((mark) => {
    const object = mark.object as { type?: string; id?: string; display?: string } | null;
    const path = object?.id ? targetPath(models, { model: object.type ?? '' }, object.id) : null;
    return path === null ? [] : [{ id: mark.id, path, name: object?.display ?? 'Record', model: models.find((model) => model.name === object?.type) }];
  });
  if (found.length === 0) return <Missing>No bookmarks yet: the page of every record has a button for one.</Missing>;
  return (
    <ul className={css.links}>
      {found.map(({ id, path, name, model }) => (
        <li key={id}>
          <Link to={path as never}>{name}</Link> <span className="muted">{model?.title}</span>
        </li>
      ))}
    </ul>
  );
}

const LINK = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/g;

/** A text as it was written; addresses in it can be opened. */
export function NotePart({ config }: { config: Config }) {
  const text = textOf(config, 'text');
  if (text === '') return <Missing>Nothing is written here yet.</Missing>;
  return (
    <p className={css.note}>
      {text.split(LINK).map((part, at) =>
        // Every second part is what the pattern caught.
        at % 2 === 1 ? (
          <a key={`${at}.${part}`} href={part} target="_blank" rel="noreferrer noopener">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </p>
  );
}

export function ChartPart({ config }: { config: Config }) {
  const me = useMe();
  const { data: models } = useSuspenseQuery(modelsQuery);
  const model = models.find((each) => each.name === textOf(config, 'model'));
  const field = model && chartFields(model).find((each) => each.name === textOf(config, 'field'));
  const denied = model && deniedReason(me, `${model.permission}:read`);
  const groups = useQuery({
    queryKey: ['list', field?.reference?.path, 'groups'],
    queryFn: ({ signal }) => get<Page<Row>>(field?.reference?.path ?? '', { limit: GROUPS }, signal).then((page) => page.items.map((row) => ({ value: row.id, label: plain(row[field?.reference?.display ?? 'name'] ?? row.id) }))),
    enabled: field?.type === 'reference' && denied === undefined,
  });
  const values = field?.type === 'reference' ? (groups.data ?? []) : field?.type === 'boolean' ? [{ value: 'true', label: 'Yes' }, { value: 'false', label: 'No' }] : (field?.choices ?? []).slice(0, GROUPS);
  const counted = useQueries({
    queries: (model && field && denied === undefined ? ['', ...values.map((each) => each.value)] : []).map((value) => ({
      queryKey: ['list', model?.path, 'count', field?.name, value],
      queryFn: ({ signal }: { signal: AbortSignal }) => get<Page<Row>>(model?.path ?? '', { ...(value === '' ? {} : { [field?.name ?? '']: value }), limit: 1, count: 'exact' }, signal).then((page) => page.total ?? page.items.length),
      staleTime: POLL_MS,
    })),
  });
  if (!model || !field) return <Missing>Choose what to count, and by what.</Missing>;
  if (denied !== undefined) return <Missing>{denied}</Missing>;
  if (groups.isError) return <ErrorState error={groups.error} />;
  if (counted.some((each) => each.isPending) || (field.type === 'reference' && groups.isPending)) return <Skeleton lines={4} />;
  const bars = barsOf(values.map(({ value, label }, at): Bar => ({ value, label, count: counted[at + 1]?.data ?? 0 })), counted[0]?.data ?? 0);
  if (bars.length === 0) return <Missing>There are no {lower(model.title_plural)} yet.</Missing>;
  const most = Math.max(...bars.map((bar) => bar.count));
  return (
    <ul className={css.bars}>
      {bars.map((bar) => (
        <li key={bar.value}>
          {bar.value === '' ? <span className="muted">{bar.label}</span> : <Link to={modelPath(model) as never} search={{ [field.name]: bar.value } as never}>{bar.label}</Link>}
          <span className={css.track} aria-hidden="true">
            <i style={{ width: `${(bar.count / most) * 100}%` }} />
          </span>
          <strong>{count(bar.count)}</strong>
        </li>
      ))}
    </ul>
  );
}
