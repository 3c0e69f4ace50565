import { Button, Drawer, Modal } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { modelsQuery } from '~/api/queries';
import { deniedReason, useMe } from '~/app/session';
import { IconLayoutDashboard, IconPlus } from '~/kit/icons';
import { EmptyState, ErrorState, Skeleton } from '~/kit/States';
import { toast } from '~/kit/toast';
import { Board } from './Board';
import css from './dashboards.module.css';
import { added, KIND_WORDS, KINDS, MOST, parseLayout, settle, titleOf, type Kind, type Widget } from './layout';
import { changeDashboard, layoutBody, type Dashboard } from './queries';

// The inputs of every kind of field come when a widget is set up.
const WidgetForm = lazy(() => import('./WidgetForm').then((module) => ({ default: module.WidgetForm })));

/** Widgets of these kinds show something without being told what. */
const READY: readonly Kind[] = ['drift', 'bookmarks'];

interface DashboardViewProps {
  board: Dashboard;
  editing: boolean;
  onEditing: (editing: boolean) => void;
}

/** One dashboard: looked at, and put together. What is changed is kept when one says so. */
export function DashboardView({ board, editing, onEditing }: DashboardViewProps) {
  const me = useMe();
  const { data: models } = useSuspenseQuery(modelsQuery);
  const [draft, setDraft] = useState<Widget[]>([]);
  /** What the draft began with: what somebody else keeps meanwhile is not written over. */
  const [basis, setBasis] = useState<Dashboard | null>(null);
  const [adding, setAdding] = useState<Kind | 'which' | null>(null);
  const [configured, setConfigured] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const denied = deniedReason(me, 'platform/dashboards:write');
  if (editing && basis === null) {
    setBasis(board);
    setDraft(settle(parseLayout(board.layout)));
  } else if (!editing && basis !== null) setBasis(null);
  const widgets = editing ? draft : settle(parseLayout(board.layout));
  const widget = draft.find((each) => each.id === configured);

  const keep = () => {
    setBusy(true);
    setProblem(null);
    changeDashboard(basis ?? board, { layout: layoutBody(draft) })
      .then(() => {
        toast(`${board.name} is kept`);
        onEditing(false);
      })
      .catch((reason: unknown) => setProblem(reason))
      .finally(() => setBusy(false));
  };
  const choose = (kind: Kind) => {
    if (READY.includes(kind)) {
      setDraft(added(draft, kind, {}, '', crypto.randomUUID()));
      setAdding(null);
    } else setAdding(kind);
  };

  return (
    <>
      {editing && (
        <div className="row">
          <Button leftSection={<IconPlus size={15} />} variant="default" disabled={draft.length >= MOST} onClick={() => setAdding('which')}>
            Add a widget
          </Button>
          <span className="muted">Drag by the cross, size at the corner; arrow keys on the cross move, with Shift they size.</span>
          <span className="grow" />
          <Button variant="default" onClick={() => onEditing(false)}>
            Leave as it was
          </Button>
          <Button loading={busy} disabled={denied !== undefined} onClick={keep}>
            Save
          </Button>
        </div>
      )}
      {problem !== null && <ErrorState error={problem} />}
      {widgets.length === 0 ? (
        <EmptyState icon={IconLayoutDashboard} title="Nothing is on it yet" actions={<Button disabled={denied !== undefined} title={denied} onClick={() => (editing ? setAdding('which') : onEditing(true))}>{editing ? 'Add a widget' : 'Edit it'}</Button>}>
          Counts, lists, charts, the map, racks, what changed: choose what you want to see at a glance.
        </EmptyState>
      ) : (
        <Board widgets={widgets} editing={editing} onChange={setDraft} onConfigure={setConfigured} />
      )}
      <Modal opened={adding === 'which'} onClose={() => setAdding(null)} size={680} title="Add a widget" closeButtonProps={{ 'aria-label': 'Close' }}>
        <div className={css.kinds}>
          {KINDS.map((kind) => (
            <button key={kind} type="button" className={css.kind} onClick={() => choose(kind)}>
              <strong>{KIND_WORDS[kind].title}</strong>
              <small>{KIND_WORDS[kind].what}</small>
            </button>
          ))}
        </div>
      </Modal>
      <Drawer opened={adding !== null && adding !== 'which'} onClose={() => setAdding(null)} size={440} title={adding !== null && adding !== 'which' ? `New widget: ${KIND_WORDS[adding].title.toLowerCase()}` : ''} closeButtonProps={{ 'aria-label': 'Close' }}>
        <Suspense fallback={<Skeleton />}>
          {adding !== null && adding !== 'which' && (
            <WidgetForm
              key={adding}
              widget={{ kind: adding, title: '', config: {} }}
              action="Add it"
              onCancel={() => setAdding(null)}
              onDone={(title, config) => {
                setDraft(added(draft, adding, config, title, crypto.randomUUID()));
                setAdding(null);
              }}
            />
          )}
        </Suspense>
      </Drawer>
      <Drawer opened={widget !== undefined} onClose={() => setConfigured(null)} size={440} title={widget ? titleOf(widget, models) : ''} closeButtonProps={{ 'aria-label': 'Close' }}>
        <Suspense fallback={<Skeleton />}>
          {widget && (
            <WidgetForm
              key={widget.id}
              widget={widget}
              action="Apply"
              onCancel={() => setConfigured(null)}
              onDone={(title, config) => {
                setDraft(draft.map((each) => (each.id === widget.id ? { ...each, title, config } : each)));
                setConfigured(null);
              }}
            />
          )}
        </Suspense>
      </Drawer>
    </>
  );
}
