import { Button, Drawer, Tabs } from '@mantine/core';
import { useQueries, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';
import { del, get } from '~/api/client';
import { modelsQuery, queryClient, recordQuery } from '~/api/queries';
import type { Field, Model, Page, Row } from '~/api/types';
import { modelPath } from '~/app/navigation';
import { deniedReason, may, useMe } from '~/app/session';
import { useView } from '~/app/view';
import { ConfirmDanger } from '~/kit/ConfirmDanger';
import { DataTable, type Column } from '~/kit/DataTable';
import { iconNamed, IconTrash } from '~/kit/icons';
import { LinkButton } from '~/kit/LinkButton';
import { EmptyState, ErrorState, Skeleton } from '~/kit/States';
import { KeyValue, RelTime } from '~/kit/Text';
import { toast } from '~/kit/toast';
import { count, lower, plain } from '~/lib/format';
import { defineView, flag, text } from '~/lib/urlstate';
import { BookmarkButton } from './BookmarkButton';
import { grouped, valueOf } from './custom';
import { defaultColumns } from './fields';
import { LinkedValue } from './LinkedValue';
import { linksOf } from './links';
import { recordPagePath } from './paths';
import { RecordForm } from './RecordForm';
import { RecordHistory } from './RecordHistory';
import { relatedTo, type Related } from './related';
import { useWhole } from './useWhole';

export const recordView = defineView({ tab: text('facts'), edit: flag() });

/** Rows of what refers to a record that are shown here; the whole list has its own page. */
const ROWS = 100;

/** One record on its own page: facts, what refers to it, what happened to it. */
export function RecordPage({ model: bare, id }: { model: Model; id: string }) {
  const me = useMe();
  const navigate = useNavigate();
  const { model, pending, error } = useWhole(bare);
  const [view, setView] = useView(recordView);
  const [confirm, setConfirm] = useState(false);
  const { data: models } = useSuspenseQuery(modelsQuery);
  const record = useQuery(recordQuery(model.path, id));
  const related = useMemo(() => relatedTo(bare, models, (permission) => may(me, permission)), [bare, me, models]);
  const counts = useQueries({
    queries: related.map((each) => ({
      queryKey: ['list', each.model.path, 'count', each.filter(id)],
      queryFn: ({ signal }: { signal: AbortSignal }) => get<Page<Row>>(each.model.path, { ...each.filter(id), limit: 1, count: 'exact' }, signal).then((page) => page.total ?? page.items.length),
      enabled: record.isSuccess,
    })),
  });
  if (record.isPending || pending) return <div className="page"><Skeleton lines={8} /></div>;
  if (record.isError) {
    return (
      <div className="page">
        <h1>{model.title}</h1>
        <ErrorState error={record.error} onRetry={() => void record.refetch()} />
      </div>
    );
  }
  const { row, etag } = record.data;
  const name = nameOf(model, row);
  const there = related.flatMap((each, at) => ((counts[at]?.data ?? 0) > 0 ? [{ ...each, key: `${each.model.collection}.${each.field}`, total: counts[at]?.data ?? 0 }] : []));
  const tab = view.tab === 'history' || there.some((each) => each.key === view.tab) ? view.tab : 'facts';
  const write = deniedReason(me, `${model.permission}:write`);
  const remove = deniedReason(me, `${model.permission}:delete`);

  return (
    <div className="page">
      <nav className="crumb" aria-label="Where this is">
        {model.nav_group && <>{model.nav_group} / </>}
        <Link to={modelPath(model) as never}>{model.title_plural}</Link>
      </nav>
      <div className="page-head">
        <h1>{name}</h1>
        {typeof row.description === 'string' && row.description !== '' && <p>{row.description}</p>}
        <span className="row" style={{ marginLeft: 'auto' }}>
          {linksOf(model.name, row).map((link) => {
            const Icon = iconNamed(link.icon);
            return (
              <LinkButton key={link.label} variant="default" leftSection={<Icon size={15} />} to={link.to as never} search={link.search as never}>
                {link.label}
              </LinkButton>
            );
          })}
          <BookmarkButton model={model.name} id={id} />
          {model.operations.includes('update') && (
            <Button disabled={write !== undefined} title={write} onClick={() => setView({ edit: true }, { push: true })}>
              Edit
            </Button>
          )}
          {model.operations.includes('delete') && (
            <Button variant="subtle" color="red" leftSection={<IconTrash size={15} />} disabled={remove !== undefined} title={remove} onClick={() => setConfirm(true)}>
              Delete
            </Button>
          )}
        </span>
      </div>
      <Tabs value={tab} onChange={(next) => setView({ tab: next ?? 'facts' })} keepMounted={false}>
        <Tabs.List mb={12}>
          <Tabs.Tab value="facts">Facts</Tabs.Tab>
          {there.map((each) => (
            <Tabs.Tab key={each.key} value={each.key} rightSection={<span className="tag">{count(each.total)}</span>}>
              {each.label}
            </Tabs.Tab>
          ))}
          <Tabs.Tab value="history">Changes</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="facts">
          {error && <ErrorState error={error} />}
          <Facts model={model} row={row} />
        </Tabs.Panel>
        {there.map((each) => (
          <Tabs.Panel key={each.key} value={each.key}><RelatedRows related={each} id={id} total={each.total} /></Tabs.Panel>
        ))}
        <Tabs.Panel value="history"><RecordHistory model={model} id={id} /></Tabs.Panel>
      </Tabs>
      <Drawer opened={view.edit} onClose={() => setView({ edit: false })} size={480} title={`Edit ${name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
        <RecordForm
          key={etag}
          model={model}
          row={row}
          etag={etag}
          denied={write}
          onCancel={() => setView({ edit: false })}
          onReload={() => void record.refetch()}
          onSaved={() => {
            toast(`${model.title} ${name} saved`);
            setView({ edit: false });
          }}
        />
      </Drawer>
      <ConfirmDanger
        opened={confirm}
        onClose={() => setConfirm(false)}
        title={`Delete ${lower(model.title)} ${name}?`}
        action="Delete"
        onConfirm={() =>
          del(`${model.path}/${id}`, etag).then(() => {
            void queryClient.invalidateQueries({ queryKey: ['list', model.path] });
            toast(`${model.title} ${name} deleted`);
            void navigate({ to: modelPath(model) as never });
          })
        }
      >
        It can be read in the audit log afterwards, but not brought back.
      </ConfirmDanger>
    </div>
  );
}

function nameOf(model: Model, row: Row): string {
  const name = plain(row[model.display] ?? '');
  if (name !== '-') return name;
  return typeof row.number === 'number' ? `${model.title} #${row.number}` : model.title;
}

/** Fields with a value, in the order of the model; the empty ones are named at the end. */
function Facts({ model, row }: { model: Model; row: Row }) {
  const filled = (field: Field) => {
    const value = valueOf(row, field);
    return !(value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0));
  };
  const readable = model.fields.filter((field) => !field.write_only && field.type !== 'secret' && field.type !== 'custom' && field.custom?.visible !== 'hidden');
  const wide = (field: Field) => field.type === 'long_text' || field.type === 'json';
  const shown = readable.filter((field) => !field.custom && !wide(field) && filled(field));
  const half = Math.ceil(shown.length / 2);
  const items = (part: Field[]) => part.map((field): [string, ReactNode] => [field.label, wide(field) ? <Long key={field.name} field={field} row={row} /> : <LinkedValue key={field.name} field={field} value={valueOf(row, field)} />]);
  const stamps = (['created_at', 'updated_at'] as const).flatMap((name): [string, ReactNode][] => (typeof row[name] === 'string' && !model.fields.some((field) => field.name === name) ? [[name === 'created_at' ? 'Created' : 'Updated', <RelTime key={name} at={String(row[name])} />]] : []));
  const empty = readable.filter((field) => !filled(field) && field.custom?.visible !== 'if-set' && (field.custom || !wide(field))).map((field) => field.label);
  return (
    <div className="stack">
      <div className="grid">
        <section className="panel span-6"><div className="panel-body"><KeyValue items={items(shown.slice(0, half))} /></div></section>
        <section className="panel span-6"><div className="panel-body"><KeyValue items={[...items(shown.slice(half)), ...stamps]} /></div></section>
        {grouped(readable.filter((field) => field.custom && filled(field))).map(([group, own]) => (
          <section key={group} className="panel span-6">
            <header><h2>{group || 'Custom fields'}</h2></header>
            <div className="panel-body"><KeyValue items={items(own)} /></div>
          </section>
        ))}
      </div>
      {readable.filter((field) => !field.custom && wide(field) && filled(field)).map((field) => (
        <section key={field.name} className="panel">
          <header><h2>{field.label}</h2></header>
          <div className="panel-body"><Long field={field} row={row} /></div>
        </section>
      ))}
      {empty.length > 0 && <p className="muted">Without a value: {empty.join(', ')}.</p>}
    </div>
  );
}

/** A text of lines, or a document. */
function Long({ field, row }: { field: Field; row: Row }) {
  const value = valueOf(row, field);
  return <div style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{field.type === 'json' ? <code>{JSON.stringify(value, null, 2)}</code> : plain(value)}</div>;
}

/** Records of another model that refer to this one. */
function RelatedRows({ related, id, total }: { related: Related; id: string; total: number }) {
  const navigate = useNavigate();
  const { model, filter } = related;
  const rows = useQuery({
    queryKey: ['list', model.path, 'related', filter(id)],
    queryFn: ({ signal }) => get<Page<Row>>(model.path, { ...filter(id), limit: ROWS, sort: model.default_sort ?? undefined }, signal),
  });
  const columns = useMemo<Column<Row>[]>(() => {
    const open: Column<Row> = { key: '$name', label: model.title, render: (row) => <Link to={recordPagePath(model, row.id) as never}>{nameOf(model, row)}</Link> };
    const rest = defaultColumns(model).flatMap((name) => {
      const field = model.fields.find((each) => each.name === name);
      if (!field || name === model.display || name === related.field) return [];
      return [{ key: name, label: field.label, align: field.type === 'integer' || field.type === 'decimal' ? ('right' as const) : undefined, render: (row: Row) => <LinkedValue field={field} value={row[name]} /> }];
    });
    const links: Column<Row>[] = linksOf(model.name, { id: '' }).length > 0 ? [{ key: '$links', label: '', render: (row) => linksOf(model.name, row).map((link) => <Link key={link.label} to={link.to as never} search={link.search as never}>{link.label}</Link>) }] : [];
    return [open, ...rest, ...links];
  }, [model, related.field]);
  if (rows.isError) return <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />;
  return (
    <div className="stack">
      <DataTable label={related.label} columns={columns} rows={rows.data?.items ?? []} rowKey={(row) => row.id} total={total} loading={rows.isPending} onOpen={(row) => void navigate({ to: recordPagePath(model, row.id) as never })} empty={<EmptyState icon={iconNamed(model.icon)} title={`No ${lower(model.title_plural)} any more`} />} />
      <p className="muted">
        {total > ROWS && `${ROWS} of ${count(total)} are shown. `}
        <Link to={modelPath(model) as never} search={filter(id) as never}>All of them as a list</Link>
      </p>
    </div>
  );
}
