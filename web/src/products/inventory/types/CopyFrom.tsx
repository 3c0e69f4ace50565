import { Button, Checkbox, Modal } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Field, Model } from '~/api/types';
import { ErrorState } from '~/kit/States';
import { toast } from '~/kit/toast';
import { lower, plural } from '~/lib/format';
import { FieldInput } from '~/platform/records/FieldInput';
import { copyTemplates, TYPES } from './queries';
import { titleOf } from './templates';

/** Takes over what another type is made of; what has the same name here stays as it is. */
export function CopyFrom({ type, kinds, onClose }: { type: string; kinds: readonly Model[]; onClose: () => void }) {
  const [from, setFrom] = useState('');
  const [left, setLeft] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const field: Field = { name: 'from', label: 'Device type', type: 'reference', required: true, reference: { model: 'inventory.device_type', path: TYPES, display: 'model' } };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (from === '' || from === type) return;
    setBusy(true);
    setProblem(null);
    copyTemplates(kinds.filter((model) => !left.includes(model.name)), kinds, from, type)
      .then((done) => {
        const told = done.filter(([, number]) => number > 0).map(([model, number]) => plural(number, lower(model.title), lower(model.title_plural)));
        toast(told.length === 0 ? 'Nothing to copy: all of it is here already' : `Copied: ${told.join(', ')}`);
        onClose();
      })
      .catch((reason: unknown) => setProblem(reason))
      .finally(() => setBusy(false));
  };
  return (
    <Modal opened onClose={onClose} title="Copy from another type" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className="stack" noValidate onSubmit={submit}>
        <FieldInput field={field} value={from} error={from === type ? 'This is the type itself.' : undefined} onChange={(next) => setFrom(typeof next === 'string' ? next : '')} />
        <fieldset className="fieldset stack">
          <legend className="muted">What is copied; what has the same name here stays as it is</legend>
          {kinds.map((model) => (
            <Checkbox key={model.name} label={titleOf(model)} checked={!left.includes(model.name)} onChange={(event) => setLeft(event.currentTarget.checked ? left.filter((name) => name !== model.name) : [...left, model.name])} />
          ))}
        </fieldset>
        {problem !== null && <ErrorState error={problem} />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={from === '' || from === type || left.length === kinds.length}>
            Copy
          </Button>
        </div>
      </form>
    </Modal>
  );
}
