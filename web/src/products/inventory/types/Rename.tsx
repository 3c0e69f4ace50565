import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Model, Row } from '~/api/types';
import { ErrorState } from '~/kit/States';
import { toast } from '~/kit/toast';
import { plural } from '~/lib/format';
import { renamed } from './names';
import { changeMany } from './queries';

/** Names drawn of a preview. */
const DRAWN = 8;

/** New names for those that are selected, seen before they are written. */
export function Rename({ model, rows, onClose }: { model: Model; rows: readonly Row[]; onClose: () => void }) {
  const [find, setFind] = useState('');
  const [replace, setReplace] = useState('');
  const [from, setFrom] = useState('1');
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const before = rows.map((row) => String(row.name));
  const after = renamed(before, find, replace, Number(from) || 0);
  const changed = rows.flatMap((row, at) => (after[at] !== before[at] ? [{ row, from: before[at] ?? '', to: after[at] ?? '' }] : []));
  const same = after.find((name, at) => after.indexOf(name) !== at);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (changed.length === 0 || same !== undefined) return;
    setBusy(true);
    setProblem(null);
    changeMany(model, changed.map(({ row, to }) => ({ op: 'update', id: row.id, version: row.version, data: { name: to } })))
      .then(() => {
        toast(`${plural(changed.length, 'name')} changed`);
        onClose();
      })
      .catch((reason: unknown) => setProblem(reason))
      .finally(() => setBusy(false));
  };
  return (
    <Modal opened onClose={onClose} title={`Rename ${rows.length}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className="stack" noValidate onSubmit={submit}>
        <TextInput data-autofocus label="Find" description="Empty: the whole name" spellCheck={false} value={find} onChange={(event) => setFind(event.currentTarget.value)} />
        <TextInput label="In its place" description="{n} counts on, row by row" placeholder="ge-0/0/{n}" spellCheck={false} value={replace} onChange={(event) => setReplace(event.currentTarget.value)} />
        <TextInput label="{n} begins at" type="number" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        <ul style={{ margin: 0, paddingLeft: 18 }}>
          {changed.slice(0, DRAWN).map(({ row, from: old, to }) => (
            <li key={row.id}>
              <del className="muted">{old}</del> → {to}
            </li>
          ))}
        </ul>
        <p role="status" className="muted">
          {same !== undefined ? `Two would be called ${same}.` : changed.length === 0 ? 'Nothing changes yet.' : changed.length > DRAWN ? `And ${changed.length - DRAWN} more.` : ''}
        </p>
        {problem !== null && <ErrorState error={problem} />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={changed.length === 0 || same !== undefined}>
            Rename {changed.length}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
