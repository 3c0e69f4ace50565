import { Button, Tabs } from '@mantine/core';
import { useQueries, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { apiUrl } from '~/api/client';
import { modelsQuery, recordQuery } from '~/api/queries';
import { deniedReason, may, useMe } from '~/app/session';
import { useView } from '~/app/view';
import { IconDownload } from '~/kit/icons';
import { LinkButton } from '~/kit/LinkButton';
import { ErrorState, Skeleton } from '~/kit/States';
import { count, plain } from '~/lib/format';
import { defineView, text } from '~/lib/urlstate';
import { AddRange } from './AddRange';
import { ComponentTable } from './ComponentTable';
import { CopyFrom } from './CopyFrom';
import { Pictures } from './Pictures';
import { Preview } from './Preview';
import { mappingsQuery, MOST_ROWS, templatesQuery, TYPES } from './queries';
import { kindOf, templateModels, titleOf } from './templates';
import css from './types.module.css';

export const typeView = defineView({ kind: text('interface') });

/** What devices of a type are made of, kind by kind; how they look; what a new one gets. */
export function TypePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const me = useMe();
  const [view, setView] = useView(typeView);
  const [copying, setCopying] = useState(false);
  const { data: models } = useSuspenseQuery(modelsQuery);
  const kinds = useMemo(() => templateModels(models).filter((model) => may(me, `${model.permission}:read`)), [me, models]);
  const found = useQuery(recordQuery(TYPES, id));
  const lists = useQueries({ queries: kinds.map((model) => templatesQuery(model, id)) });
  const mappings = useQuery({ ...mappingsQuery(id), enabled: may(me, 'inventory/port-template-mappings:read') && kinds.some((model) => kindOf(model) === 'front_port') });
  const siblings = new Map(kinds.map((model, at) => [model.name, lists[at]?.data ?? []]));
  if (found.isPending || lists.some((list) => list.isPending)) return <div className="page"><Skeleton lines={8} /></div>;
  const failed = found.error ?? lists.find((list) => list.isError)?.error;
  if (failed || !found.data) {
    return (
      <div className="page">
        <h1>Device type</h1>
        <ErrorState error={failed} onRetry={() => void found.refetch()} />
      </div>
    );
  }
  const { row } = found.data;
  const name = plain(row.model);
  const model = kinds.find((each) => kindOf(each) === view.kind);
  const tab = model || ['preview', 'pictures'].includes(view.kind) ? view.kind : kinds[0] ? kindOf(kinds[0]) : 'preview';
  const shown = model ?? (tab === view.kind ? undefined : kinds[0]);
  const rows = shown ? (siblings.get(shown.name) ?? []) : [];

  return (
    <div className="page">
      <nav className="crumb" aria-label="Where this is">
        <Link to={'/inventory/device-types' as never}>Device types</Link>
      </nav>
      <div className="page-head">
        <h1>{name}</h1>
        <p>{plain(row.manufacturer) === '-' ? 'What its devices are made of' : `by ${plain(row.manufacturer)}: what its devices are made of`}</p>
        <span className="row" style={{ marginLeft: 'auto' }}>
          <LinkButton variant="default" to={`/inventory/device-types/${id}` as never}>
            Facts
          </LinkButton>
          <Button variant="default" onClick={() => setCopying(true)}>
            Copy from
          </Button>
          <LinkButton variant="default" to={'/device-types/import' as never}>
            Import YAML
          </LinkButton>
          <Button component="a" variant="default" leftSection={<IconDownload size={15} />} href={apiUrl(`${TYPES}/${encodeURIComponent(id)}/export`)} download>
            YAML
          </Button>
        </span>
      </div>
      <Tabs value={tab} onChange={(kind) => setView({ kind: kind ?? 'interface' })} keepMounted={false}>
        <Tabs.List mb={12}>
          {kinds.map((each) => (
            <Tabs.Tab key={each.name} value={kindOf(each)} rightSection={<span className="tag">{count(siblings.get(each.name)?.length ?? 0)}</span>}>
              {titleOf(each)}
            </Tabs.Tab>
          ))}
          <Tabs.Tab value="pictures">Pictures</Tabs.Tab>
          <Tabs.Tab value="preview">A new device</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={tab}>
          {tab === 'preview' && <Preview kinds={kinds} siblings={siblings} />}
          {tab === 'pictures' && <Pictures type={id} name={name} />}
          {shown && (
            <div className={css.split} key={shown.name}>
              <div className="stack">
                {rows.length >= MOST_ROWS && <p className="muted">The first {count(MOST_ROWS)} are shown.</p>}
                <ComponentTable model={shown} rows={rows} siblings={siblings} mappings={mappings.data ?? []} write={deniedReason(me, `${shown.permission}:write`)} remove={deniedReason(me, `${shown.permission}:delete`)} />
              </div>
              <section className="panel">
                <header>
                  <h2>Add {titleOf(shown).toLowerCase()}</h2>
                </header>
                <div className="panel-body">
                  <AddRange model={shown} type={id} taken={new Set(rows.map((each) => String(each.name)))} rears={siblings.get('inventory.rear_port_template') ?? []} denied={deniedReason(me, `${shown.permission}:write`)} />
                </div>
              </section>
            </div>
          )}
        </Tabs.Panel>
      </Tabs>
      {copying && <CopyFrom type={id} kinds={kinds} onClose={() => setCopying(false)} />}
    </div>
  );
}
