import { Button, Drawer, Select } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { StatusBadge } from '~/kit/Status';
import { KeyValue } from '~/kit/Text';
import { humanise } from '~/lib/format';
import { recordPath, type Elevation, type Face, type RackDevice } from '../api';
import { freePlaces, hindrance, type Place } from './space';
import type { Target } from './useMoves';

const NONE = 'none';

export interface DevicePanelProps {
  device: RackDevice | null;
  /** The rack it is in. */
  from: Elevation | null;
  racks: readonly Elevation[];
  denied?: string;
  onMove: (device: RackDevice, from: Target, to: Target) => void;
  onClose: () => void;
}

/** One device: what it is, and moving it without a pointer. */
export function DevicePanel({ device, from, racks, denied, onMove, onClose }: DevicePanelProps) {
  return (
    <Drawer opened={device !== null} onClose={onClose} size={380} title={device?.name ?? 'Device'} closeButtonProps={{ 'aria-label': 'Close' }}>
      {device && (
        <div className="stack">
          <KeyValue
            items={[
              ['Type', device.device_type?.display],
              ['Role', device.role?.display],
              ['Status', device.status ? <StatusBadge key="status" tone={device.status === 'active' ? 'ok' : 'info'}>{humanise(device.status)}</StatusBadge> : null],
              ['Place', device.position === null ? (from ? `${from.name}, at no unit` : 'in no rack') : `${from?.name} U${device.position}, ${device.face}`],
              ['Height', `${device.height} U${device.full_depth ? ', full depth' : ''}`],
              ['Asset tag', device.asset_tag],
            ]}
          />
          <Link to={recordPath('devices', device.id) as never}>Open its page</Link>
          <hr style={{ width: '100%', border: 0, borderTop: '1px solid var(--border)' }} />
          <MoveForm key={device.id} device={device} from={from} racks={racks} denied={denied} onMove={onMove} onClose={onClose} />
        </div>
      )}
    </Drawer>
  );
}

function MoveForm({ device, from, racks, denied, onMove, onClose }: Omit<DevicePanelProps, 'device'> & { device: RackDevice }) {
  const [rackId, setRackId] = useState(from?.id ?? racks[0]?.id ?? NONE);
  const [face, setFace] = useState<Face>(device.face ?? 'front');
  const rack = racks.find((each) => each.id === rackId) ?? null;
  const free = rack ? freePlaces(rack, device, face) : [];
  const kept = rack?.id === from?.id && device.position !== null && rack !== null && hindrance(rack, device, { position: device.position, face }) === null ? device.position : null;
  const [chosen, setChosen] = useState<string | null>(null);
  const position = chosen ?? (kept !== null ? String(kept) : (free[0] !== undefined ? String(free[0]) : NONE));
  const units = [...new Set([...free, ...(kept !== null ? [kept] : [])])].sort((a, b) => b - a);
  const place: Place | null = rack === null || position === NONE ? null : { position: Number(position), face };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    onMove(device, { rack: from, place: device.position === null || device.face === null ? null : { position: device.position, face: device.face } }, { rack, place });
    onClose();
  };

  return (
    <form className="stack" onSubmit={submit} aria-label="Move">
      <h2>Move</h2>
      <Select label="Rack" data={[...racks.map((each) => ({ value: each.id, label: each.name })), { value: NONE, label: 'In no rack' }]} value={rackId} allowDeselect={false} disabled={denied !== undefined} onChange={(next) => { setRackId(next ?? NONE); setChosen(null); }} />
      {rack && device.height > 0 && (
        <>
          <Select label="Side" data={[{ value: 'front', label: 'Front' }, { value: 'rear', label: 'Rear' }]} value={face} allowDeselect={false} disabled={denied !== undefined} onChange={(next) => { setFace(next === 'rear' ? 'rear' : 'front'); setChosen(null); }} />
          <Select
            label="Unit"
            description="Only where it fits"
            data={[...units.map((unit) => ({ value: String(unit), label: `U${unit}` })), { value: NONE, label: 'At no unit' }]}
            value={position}
            allowDeselect={false}
            searchable
            disabled={denied !== undefined}
            onChange={setChosen}
          />
        </>
      )}
      <Button type="submit" disabled={denied !== undefined} title={denied}>
        Move it
      </Button>
    </form>
  );
}
