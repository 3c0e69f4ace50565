import { Button, Menu, Modal, Switch, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ApiError, call, del, messageOf } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { Model, Row } from '~/api/types';
import { deniedReason, useMe } from '~/app/session';
import { ConfirmDanger } from '~/kit/ConfirmDanger';
import { IconCheck, IconChevronDown, IconPlus, IconTrash } from '~/kit/icons';
import { LinkButton } from '~/kit/LinkButton';
import { ErrorState } from '~/kit/States';
import { toast } from '~/kit/toast';
import { lower } from '~/lib/format';
import type { Raw } from '~/lib/urlstate';
import { isAsKept, mayUse, paramsOf, paramsOfFilter, PLAIN, VIEWS, viewBody, viewParams, type SavedFilter, type SavedView } from './views';

const PERMISSION = 'platform/table-configs:write';

interface ViewMenuProps {
  model: Model;
  raw: Raw;
  /** Columns as they are shown, from wherever they come. */
  columns: readonly string[];
  views: readonly SavedView[];
  filters: readonly SavedFilter[];
  /** Shows the list by these parameters, under this id. */
  onOpen: (params: Record<string, string>, id: string) => void;
}

/** Views of a list: opened, kept under a name, changed and forgotten. */
export function ViewMenu({ model, raw, columns, views, filters, onOpen }: ViewMenuProps) {
  const me = useMe();
  const [keeping, setKeeping] = useState(false);
  const [forget, setForget] = useState(false);
  const usable = views.filter((view) => mayUse(me, view));
  const current = usable.find((view) => view.id === raw.saved) ?? null;
  const changed = current !== null && !isAsKept(model, current, raw);
  const denied = deniedReason(me, PERMISSION);
  const plural = lower(model.title_plural);

  const write = (view: SavedView, body: Record<string, unknown>, done: string) =>
    call<Row>('PATCH', `${VIEWS}/${view.id}`, { body, ifMatch: `"v${view.version}"` }).then(
      () => {
        toast(done);
        return queryClient.invalidateQueries({ queryKey: ['list', VIEWS] });
      },
      (error: unknown) => toast(messageOf(error), 'critical'),
    );
  /** One of one's own views is the default at most, and one of the shared ones. */
  const makeDefault = async (view: SavedView) => {
    for (const other of usable.filter((each) => each.is_default && each.shared === view.shared && each.id !== view.id)) await write(other, { is_default: false }, `${other.name} is not the default any more`);
    await write(view, { is_default: !view.is_default }, view.is_default ? `${model.title_plural} open as they are` : `${model.title_plural} open with ${view.name}`);
  };
  const entry = (view: SavedView) => (
    <Menu.Item key={view.id} leftSection={view.id === current?.id ? <IconCheck size={14} /> : <span style={{ width: 14 }} />} onClick={() => onOpen(paramsOf(model, view), view.id)}>
      {view.name}
      {view.is_default && <small className="muted"> opens first</small>}
    </Menu.Item>
  );
  const own = usable.filter((view) => !view.shared);
  const shared = usable.filter((view) => view.shared);
  const narrowing = filters.filter((filter) => mayUse(me, filter) && Object.keys(paramsOfFilter(model, filter)).length > 0);

  return (
    <>
      <Menu position="bottom-start" width={260}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} />} maw={240}>
            {current ? `${current.name}${changed ? ', changed' : ''}` : 'Views'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={current === null ? <IconCheck size={14} /> : <span style={{ width: 14 }} />} onClick={() => onOpen({}, PLAIN)}>
            All {plural}
          </Menu.Item>
          {own.length > 0 && <Menu.Label>Mine</Menu.Label>}
          {own.map(entry)}
          {shared.length > 0 && <Menu.Label>Shared</Menu.Label>}
          {shared.map(entry)}
          {narrowing.length > 0 && <Menu.Label>Saved filters</Menu.Label>}
          {narrowing.map((filter) => (
            <Menu.Item key={filter.id} leftSection={<span style={{ width: 14 }} />} onClick={() => onOpen({ ...viewParams(model, raw), ...paramsOfFilter(model, filter) }, raw.saved ?? PLAIN)}>
              {filter.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {current && changed && (
            <Menu.Item disabled={denied !== undefined} onClick={() => void write(current, viewBody(model, raw, columns), `${current.name} is kept as it is now`)}>
              Keep the changes in {current.name}
            </Menu.Item>
          )}
          {current && changed && <Menu.Item onClick={() => onOpen(paramsOf(model, current), current.id)}>Back to {current.name}</Menu.Item>}
          <Menu.Item leftSection={<IconPlus size={14} />} disabled={denied !== undefined} title={denied} onClick={() => setKeeping(true)}>
            Keep this as a view
          </Menu.Item>
          {current && (
            <Menu.Item disabled={denied !== undefined} onClick={() => void makeDefault(current)}>
              {current.is_default ? 'Do not open with it' : `Open ${plural} with ${current.name}`}
            </Menu.Item>
          )}
          {current && (
            <Menu.Item leftSection={<IconTrash size={14} />} disabled={deniedReason(me, 'platform/table-configs:delete') !== undefined} onClick={() => setForget(true)}>
              Forget {current.name}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {keeping && (
        <Keep
          model={model}
          raw={raw}
          columns={columns}
          onClose={() => setKeeping(false)}
          onKept={(view) => {
            setKeeping(false);
            onOpen(paramsOf(model, view), view.id);
          }}
        />
      )}
      {current && (
        <ConfirmDanger
          opened={forget}
          onClose={() => setForget(false)}
          title={`Forget the view ${current.name}?`}
          action="Forget"
          onConfirm={() =>
            del(`${VIEWS}/${current.id}`, `"v${current.version}"`).then(() => {
              onOpen(viewParams(model, raw), PLAIN);
              return queryClient.invalidateQueries({ queryKey: ['list', VIEWS] });
            })
          }
        >
          {current.shared ? 'Others lose it as well. ' : ''}The {plural} stay as they are.
        </ConfirmDanger>
      )}
    </>
  );
}

function Keep({ model, raw, columns, onClose, onKept }: { model: Model; raw: Raw; columns: readonly string[]; onClose: () => void; onKept: (view: SavedView) => void }) {
  const me = useMe();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [first, setFirst] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    setBusy(true);
    setProblem(null);
    call<SavedView>('POST', VIEWS, { body: { ...viewBody(model, raw, columns), name: name.trim(), user: me.user.id, shared, is_default: first }, idempotent: true })
      .then(async ({ data }) => {
        await queryClient.invalidateQueries({ queryKey: ['list', VIEWS] });
        toast(`${data.name} is kept`);
        onKept(data);
      })
      .catch((reason: unknown) => setProblem(reason))
      .finally(() => setBusy(false));
  };
  const refused = problem instanceof ApiError ? problem.problem.errors?.find((each) => each.pointer === '/name')?.message : undefined;
  return (
    <Modal opened onClose={onClose} title="Keep this as a view" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className="stack" noValidate onSubmit={submit}>
        <p className="muted">Search, filters, columns, order and rows at a time, as they are now.</p>
        <TextInput data-autofocus label="Name" required maxLength={100} value={name} error={refused} onChange={(event) => setName(event.currentTarget.value)} />
        <Switch label="Shared" description="Others see it too." checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
        <Switch label={`Open ${lower(model.title_plural)} with it`} description={shared ? 'For everybody who has no default of their own.' : 'For you alone.'} checked={first} onChange={(event) => setFirst(event.currentTarget.checked)} />
        {problem !== null && refused === undefined && <ErrorState error={problem} />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <LinkButton variant="subtle" to={'/platform/table-configs' as never} search={{ object_type: model.name } as never}>
            All views
          </LinkButton>
          <span className="grow" />
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={name.trim() === ''}>
            Keep it
          </Button>
        </div>
      </form>
    </Modal>
  );
}
