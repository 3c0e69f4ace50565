import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { plural } from '~/lib/format';
import { decide } from './decide';

/** The end of a day in the time zone of whoever looks at it. */
export function endOfDay(day: string): string | undefined {
  const at = new Date(`${day}T23:59:59`);
  return day === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

/** Asks what is to be changed in the network, by whom and until when. */
export function ChangeDialog({ ids, onClose }: { ids: string[]; onClose: (done: boolean) => void }) {
  const [reason, setReason] = useState('');
  const [assignee, setAssignee] = useState('');
  const [due, setDue] = useState('');
  const [reference, setReference] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const missing = tried && reason.trim() === '';
  const past = tried && due !== '' && due < today();
  const order = () => {
    setTried(true);
    if (reason.trim() === '' || (due !== '' && due < today())) return;
    setBusy(true);
    void decide('change', ids, { reason: reason.trim(), assignee: assignee.trim() || undefined, due: endOfDay(due), reference: reference.trim() || undefined }).finally(() => onClose(true));
  };
  return (
    <Modal opened onClose={() => onClose(false)} title={`Order a change for ${plural(ids.length, 'difference')}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          order();
        }}
      >
        <p className="muted" style={{ margin: 0 }}>
          The inventory stays as it is. Once the network is as intended the difference is resolved by itself.
        </p>
        <TextInput label="What is to be done" required withAsterisk={false} maxLength={500} value={reason} error={missing ? 'Say what is to be changed in the network' : undefined} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
        <TextInput label="Assignee" description="A name or an e-mail address" maxLength={100} value={assignee} onChange={(event) => setAssignee(event.currentTarget.value)} />
        <TextInput label="Due" type="date" min={today()} value={due} error={past ? 'Choose a day that is still to come' : undefined} onChange={(event) => setDue(event.currentTarget.value)} />
        <TextInput label="Ticket" description="Its number or its address" maxLength={500} value={reference} onChange={(event) => setReference(event.currentTarget.value)} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={() => onClose(false)}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Order the change
          </Button>
        </div>
      </form>
    </Modal>
  );
}
