import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { plural } from '~/lib/format';
import { decide } from './decide';

const DAY_MS = 86_400_000;
const SPANS = [
  { value: '7', label: 'A week' },
  { value: '30', label: 'A month' },
  { value: '90', label: 'Three months' },
  { value: '365', label: 'A year' },
];

/** Asks why and for how long. */
export function IgnoreDialog({ ids, onClose }: { ids: string[]; onClose: (done: boolean) => void }) {
  const [reason, setReason] = useState('');
  const [days, setDays] = useState('90');
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const ignore = () => {
    if (reason.trim() === '') {
      setMissing(true);
      return;
    }
    setBusy(true);
    const until = new Date(Date.now() + Number(days) * DAY_MS).toISOString();
    void decide('ignore', ids, { reason: reason.trim(), until }).finally(() => onClose(true));
  };
  return (
    <Modal opened onClose={() => onClose(false)} title={`Ignore ${plural(ids.length, 'difference')}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          ignore();
        }}
      >
        <TextInput label="Why" required withAsterisk={false} maxLength={500} value={reason} error={missing && reason.trim() === '' ? 'Say why: somebody will ask later' : undefined} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
        <Select label="For how long" data={SPANS} value={days} allowDeselect={false} onChange={(value) => setDays(value ?? '90')} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={() => onClose(false)}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Ignore
          </Button>
        </div>
      </form>
    </Modal>
  );
}
