import { Button, SegmentedControl, Select } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useMemo, type PointerEvent } from 'react';
import { apiUrl } from '~/api/client';
import { deniedReason, useMe } from '~/app/session';
import { useView } from '~/app/view';
import { IconDownload, IconServer } from '~/kit/icons';
import { LinkButton } from '~/kit/LinkButton';
import { Meter } from '~/kit/Meter';
import { EmptyState, ErrorState, Skeleton } from '~/kit/States';
import { toast } from '~/kit/toast';
import { count } from '~/lib/format';
import { defineView, list, oneOf, text } from '~/lib/urlstate';
import { elevationQuery, looseDevicesQuery, racksQuery, recordPath, sitesQuery, type Elevation, type Face, type RackDevice } from '../api';
import { DevicePanel } from './DevicePanel';
import { RackSvg, UNIT } from './RackSvg';
import css from './racks.module.css';
import { nudge } from './space';
import { useDrag, type Drag } from './useDrag';
import { useMoves, type Target } from './useMoves';

export const racksView = defineView({ site: text(), racks: list(), face: oneOf(['both', 'front', 'rear'], 'both'), sel: text() });

/** Racks shown side by side when none are chosen, and at most. */
const USUAL = 4;
const MOST = 24;

const placeOf = (device: RackDevice) => (device.position === null || device.face === null ? null : { position: device.position, face: device.face });

/** The racks of a site side by side, from both sides; devices are moved by dragging or by the form. */
export function RacksPage() {
  const me = useMe();
  const [view, setView] = useView(racksView);
  const sites = useQuery(sitesQuery);
  const withRacks = sites.data?.items.find((site) => (site.rack_count ?? 0) > 0) ?? sites.data?.items[0];
  const site = view.site || withRacks?.id || '';
  const found = useQuery(racksQuery(site));
  const all = useMemo(() => found.data?.items ?? [], [found.data]);
  const shown = useMemo(() => {
    const chosen = all.filter((rack) => view.racks.includes(rack.id));
    return (chosen.length > 0 ? chosen : all.slice(0, USUAL)).slice(0, MOST);
  }, [all, view.racks]);
  const answers = useQueries({ queries: shown.map((rack) => elevationQuery(rack.id)) });
  const racks = answers.flatMap((answer) => (answer.data ? [answer.data] : []));
  const failed = answers.find((answer) => answer.isError);
  const loose = useQuery(looseDevicesQuery(site));
  const denied = deniedReason(me, 'inventory/devices:write');
  const move = useMoves(racks);
  const rackOf = (device: RackDevice) => racks.find((rack) => rack.devices.some((each) => each.id === device.id)) ?? null;
  const selected = racks.flatMap((rack) => rack.devices).find((device) => device.id === view.sel) ?? loose.data?.find((device) => device.id === view.sel) ?? null;

  const onDrop = useCallback(
    ({ device, from, drop, shelf }: Drag) => {
      const origin: Target = { rack: from, place: placeOf(device) };
      if (shelf && (from !== null || device.position !== null)) return move(device, origin, { rack: null, place: null });
      const rack = racks.find((each) => each.id === drop?.rack);
      if (!drop || !rack) return;
      if (device.height === 0) return rack.id === from?.id ? undefined : move(device, origin, { rack, place: null });
      if (drop.hindrance !== null) return toast(`${device.name ?? 'It'} cannot stand there: ${drop.hindrance.charAt(0).toLowerCase()}${drop.hindrance.slice(1)}.`, 'critical');
      if (rack.id === from?.id && drop.position === device.position && drop.face === device.face) return;
      move(device, origin, { rack, place: { position: drop.position, face: drop.face } });
    },
    [move, racks],
  );
  const { drag, grab, dragged } = useDrag(racks, onDrop);

  const open = (device: RackDevice) => {
    if (!dragged()) setView({ sel: device.id });
  };
  const onNudge = (rack: Elevation, device: RackDevice, up: boolean) => {
    if (denied !== undefined) return toast(denied, 'critical');
    const position = nudge(rack, device, up);
    if (position === null || device.face === null) return toast(`${device.name ?? 'It'} fits nowhere ${up ? 'above' : 'below'}.`, 'critical');
    move(device, { rack, place: placeOf(device) }, { rack, place: { position, face: device.face } });
  };
  const onGrab = (rack: Elevation | null, device: RackDevice, event: PointerEvent<Element>) => {
    if (denied !== undefined) return;
    const box = event.currentTarget.getBoundingClientRect();
    grab(device, rack, event, rack ? (event.clientY - box.top) / UNIT : 0.5);
  };

  const noRacks = found.isSuccess && all.length === 0;
  return (
    <div className="page page-full">
      <div className="page-head">
        <h1>Elevations</h1>
        <p>Racks side by side. Drag a device to another unit, rack or side; or open it and choose.</p>
      </div>
      <div className="row">
        <Select aria-label="Site" placeholder="Site" data={(sites.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))} value={site || null} searchable allowDeselect={false} onChange={(next) => setView({ site: next ?? '', racks: [], sel: '' }, { push: true })} />
        <RackPicker all={all} shown={shown.map((rack) => rack.id)} onChange={(next) => setView({ racks: next })} />
        <SegmentedControl aria-label="Sides" data={[{ value: 'both', label: 'Both sides' }, { value: 'front', label: 'Front' }, { value: 'rear', label: 'Rear' }]} value={view.face} onChange={(next) => setView({ face: next as 'both' })} />
        <span className="grow" />
        <span className="muted">
          {shown.length} of {count(all.length)} racks
        </span>
      </div>
      {sites.isError && <ErrorState error={sites.error} onRetry={() => void sites.refetch()} />}
      {failed && <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />}
      {(noRacks || (sites.isSuccess && sites.data.items.length === 0)) && (
        <EmptyState icon={IconServer} title={noRacks ? 'No rack at this site yet' : 'No site yet'} actions={<LinkButton to={(noRacks ? '/inventory/racks' : '/inventory/sites') as never} search={{ sel: 'new' } as never}>{noRacks ? 'New rack' : 'New site'}</LinkButton>}>
          {noRacks ? 'A rack has units, and devices stand in them.' : 'Racks are at sites: begin with one.'}
        </EmptyState>
      )}
      {!noRacks && (
        <div className={css.body}>
          <section className={css.strip} aria-label="Racks" data-dragging={drag ? '' : undefined}>
            {racks.length === 0 && !sites.isError && <Skeleton lines={8} />}
            {racks.map((rack) => (
              <article key={rack.id} className={css.card} aria-label={rack.name}>
                <RackHead rack={rack} />
                <div className={css.faces}>
                  {(view.face === 'both' ? (['front', 'rear'] as Face[]) : [view.face]).map((face) => (
                    <figure key={face}>
                      <figcaption>{face === 'front' ? 'Front' : 'Rear'}</figcaption>
                      <RackSvg rack={rack} face={face} active={view.sel} drop={drag?.drop ?? null} dragged={drag?.device.id ?? null} onOpen={open} onNudge={(device, up) => onNudge(rack, device, up)} onGrab={(device, event) => onGrab(rack, device, event)} />
                    </figure>
                  ))}
                </div>
                <Beside devices={rack.devices.filter((device) => device.position === null)} rack={rack} onOpen={open} onGrab={(device, event) => onGrab(rack, device, event)} />
              </article>
            ))}
          </section>
          <aside className={css.side} aria-label="In no rack">
            <section className="panel">
              <header>
                <h2>In no rack</h2>
                <span className="muted">{loose.data?.length ?? ''}</span>
              </header>
              <ul className={css.shelf} data-shelf="" data-over={drag?.shelf ? '' : undefined}>
                {loose.data?.length === 0 && <li className="muted">Every device of the site is in a rack. Drop one here to take it out.</li>}
                {(loose.data ?? []).map((device) => (
                  <li key={device.id}>
                    <Loose device={device} onOpen={open} onGrab={(each, event) => onGrab(null, each, event)} />
                  </li>
                ))}
              </ul>
            </section>
          </aside>
        </div>
      )}
      <DevicePanel device={selected} from={selected ? rackOf(selected) : null} racks={racks} denied={denied} onMove={move} onClose={() => setView({ sel: '' })} />
    </div>
  );
}

function RackHead({ rack }: { rack: Elevation }) {
  const { units, units_used: used, units_reserved: held, power_available: available, power_allocated: allocated } = rack.utilisation;
  const space = (used / units) * 100;
  return (
    <header>
      <h2>
        <Link to={recordPath('racks', rack.id) as never}>{rack.name}</Link>
        {rack.location && <small className="muted">{rack.location.display}</small>}
        <a className="muted" style={{ marginLeft: 'auto' }} href={apiUrl(`/api/v1/inventory/racks/${rack.id}/elevation.svg`)} target="_blank" rel="noreferrer" aria-label={`Drawing of ${rack.name} as SVG`} title="As SVG">
          <IconDownload size={15} aria-hidden="true" />
        </a>
      </h2>
      <Meter word="Space" label={`Units of ${rack.name} in use`} share={space} text={`${used} of ${units} U`} note={held > 0 ? `${held} more held by reservations` : undefined} />
      {available > 0 ? (
        <Meter word="Power" label={`Power of ${rack.name} allocated`} share={(allocated / available) * 100} text={`${watts(allocated)} of ${watts(available)}`} note={`At most ${watts(rack.utilisation.power_maximum)}`} />
      ) : (
        <span className="muted" style={{ fontSize: 12 }}>No power feed</span>
      )}
    </header>
  );
}

function watts(value: number): string {
  return value >= 1000 ? `${(value / 1000).toFixed(1)} kW` : `${value} W`;
}

/** Devices of a rack that stand in no unit: power strips, and those not placed yet. */
function Beside({ devices, rack, onOpen, onGrab }: { devices: RackDevice[]; rack: Elevation; onOpen: (device: RackDevice) => void; onGrab: (device: RackDevice, event: PointerEvent<Element>) => void }) {
  if (devices.length === 0) return null;
  return (
    <section>
      <h3 className="muted" style={{ paddingLeft: 26 }}>At no unit</h3>
      <ul className={css.shelf} aria-label={`In ${rack.name} at no unit`} style={{ paddingLeft: 26 }}>
        {devices.map((device) => (
          <li key={device.id}>
            <Loose device={device} onOpen={onOpen} onGrab={onGrab} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Loose({ device, onOpen, onGrab }: { device: RackDevice; onOpen: (device: RackDevice) => void; onGrab: (device: RackDevice, event: PointerEvent<Element>) => void }) {
  return (
    <button type="button" className={css.loose} onClick={() => onOpen(device)} onPointerDown={(event) => onGrab(device, event)}>
      {device.name ?? device.device_type?.display}
      <small>
        {device.device_type?.display}, {device.height} U
      </small>
    </button>
  );
}

function RackPicker({ all, shown, onChange }: { all: readonly { id: string; name: string }[]; shown: string[]; onChange: (racks: string[]) => void }) {
  if (all.length < 2) return null;
  const at = all.findIndex((rack) => rack.id === shown[0]);
  const step = (by: number) => {
    const from = Math.max(0, Math.min(all.length - 1, at + by * Math.max(1, shown.length)));
    onChange(all.slice(from, from + Math.max(1, shown.length)).map((rack) => rack.id));
  };
  return (
    <>
      <Select aria-label="Rack" placeholder="Go to rack" data={all.map((rack) => ({ value: rack.id, label: rack.name }))} value={shown[0] ?? null} searchable allowDeselect={false} onChange={(next) => onChange(all.slice(Math.max(0, all.findIndex((rack) => rack.id === next))).slice(0, USUAL).map((rack) => rack.id))} />
      <Button variant="default" disabled={at <= 0} onClick={() => step(-1)}>
        Before
      </Button>
      <Button variant="default" disabled={at + shown.length >= all.length} onClick={() => step(1)}>
        Next
      </Button>
    </>
  );
}

