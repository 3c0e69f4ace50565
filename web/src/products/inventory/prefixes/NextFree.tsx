import { Button, Modal, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { ErrorState } from '~/kit/States';
import { toast } from '~/kit/toast';
import { OPTIONS } from '~/platform/records/FieldInput';
import { availableAddressQuery, availablePrefixesQuery, createPrefix, takeNext, type PrefixRow } from '../api';
import { lengthsWithin, nextOf, usualLength } from './net';

/** In what, and which one when a free network was chosen. */
export interface Wanted {
  parent: Pick<PrefixRow, 'id' | 'prefix' | 'status' | 'vrf'> | null;
  free: string | null;
}

type Kind = 'prefix' | 'address';

const STATUSES: Record<Kind, string[]> = { prefix: ['active', 'container', 'reserved', 'deprecated'], address: ['active', 'reserved', 'deprecated', 'dhcp', 'slaac'] };

interface NextFreeProps {
  wanted: Wanted;
  denied: Record<Kind, string | undefined>;
  onClose: () => void;
  /** With the prefix below which it is to be seen. */
  onMade: (id: string, under: string | null) => void;
}

/** A small form for the next free prefix or address: it says which one that is, Enter takes it. */
export function NextFree({ wanted: { parent, free }, denied, onClose, onMade }: NextFreeProps) {
  const [kind, setKind] = useState<Kind>(free !== null || parent?.status === 'container' ? 'prefix' : 'address');
  const [chosen, setChosen] = useState<number | null>(null);
  const [description, setDescription] = useState('');
  const [dns, setDns] = useState('');
  const [status, setStatus] = useState('active');
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const prefixes = useQuery({ ...availablePrefixesQuery(parent?.id ?? ''), enabled: kind === 'prefix' && free === null && parent !== null });
  const address = useQuery({ ...availableAddressQuery(parent?.id ?? ''), enabled: kind === 'address' && parent !== null });
  const blocks = free !== null ? [free] : (prefixes.data?.items.map((item) => item.prefix) ?? []);
  const lengths = lengthsWithin(parent?.prefix ?? free ?? '', blocks);
  const length = chosen ?? usualLength(free ?? parent?.prefix ?? '', lengths);
  // A free network that was chosen is taken as it is unless a longer one is asked for.
  const exact = free !== null && chosen === null;
  const next = kind === 'address' ? (address.data?.items[0]?.address ?? null) : exact ? free : length === null ? null : nextOf(blocks, length);
  const pending = kind === 'address' ? address.isPending : free === null && prefixes.isPending;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (next === null) return;
    setBusy(true);
    setProblem(null);
    const fields = { status, ...(description === '' ? {} : { description }), ...(kind === 'address' && dns !== '' ? { dns_name: dns } : {}) };
    const made =
      free !== null
        ? createPrefix({ ...fields, prefix: next, ...(parent?.vrf ? { vrf: parent.vrf.id } : {}) })
        : takeNext(parent?.id ?? '', kind, kind === 'prefix' ? { ...fields, prefix_length: length } : fields);
    made
      .then((row) => {
        const given = String(kind === 'prefix' ? row.prefix : row.address);
        toast(given === next ? `${given} is yours` : `${given} is yours; ${next} was taken meanwhile`);
        onMade(kind === 'prefix' ? row.id : (parent?.id ?? ''), kind === 'prefix' ? (parent?.id ?? null) : null);
      })
      .catch(setProblem)
      .finally(() => setBusy(false));
  };

  return (
    <Modal opened onClose={onClose} title={free !== null ? `Use ${free}` : `Next free in ${parent?.prefix ?? 'the table'}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className="stack" onSubmit={submit}>
        {problem !== null && <ErrorState error={problem} />}
        {free === null && <SegmentedControl aria-label="What" data={[{ value: 'prefix', label: 'Prefix' }, { value: 'address', label: 'Address' }]} value={kind} onChange={(value) => { setKind(value as Kind); setStatus('active'); }} />}
        {kind === 'prefix' && lengths.length > 0 && <Select {...OPTIONS} label="Length" data={lengths.map((each) => ({ value: String(each), label: `/${each}` }))} value={String(exact ? lengths[0] : length)} allowDeselect={false} searchable onChange={(value) => setChosen(Number(value))} />}
        <p role="status">
          {pending ? 'Looking for it…' : next === null ? <strong>Nothing is free here.</strong> : <>You get <code style={{ fontSize: 14, fontWeight: 650 }}>{next}</code>{free === null && kind === 'prefix' && ', or the next one if somebody is quicker'}.</>}
        </p>
        {kind === 'address' && <TextInput label="DNS name" placeholder="sw1.example.net" value={dns} onChange={(event) => setDns(event.currentTarget.value)} />}
        <TextInput data-autofocus label="Description" value={description} maxLength={200} onChange={(event) => setDescription(event.currentTarget.value)} />
        <Select {...OPTIONS} label="Status" data={STATUSES[kind].map((each) => ({ value: each, label: each === 'dhcp' || each === 'slaac' ? each.toUpperCase() : each.charAt(0).toUpperCase() + each.slice(1) }))} value={status} allowDeselect={false} onChange={(value) => setStatus(value ?? 'active')} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={next === null || denied[kind] !== undefined} title={denied[kind]}>
            {next === null ? 'Create' : `Create ${next}`}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
