import type { KeyboardEvent, PointerEvent } from 'react';
import type { Elevation, Face, RackDevice } from '../api';
import { fromTop, inkOn, runs, seenFrom, unitsFromTop } from './space';
import css from './racks.module.css';

export const UNIT = 20;
const WIDTH = 212;
const LEGEND = 26;
const RAIL = 7;

/** Where something that is dragged would come to stand. */
export interface Drop {
  rack: string;
  face: Face;
  position: number;
  height: number;
  /** Why not. */
  hindrance: string | null;
}

export interface RackSvgProps {
  rack: Elevation;
  face: Face;
  /** The device that is open. */
  active: string;
  drop: Drop | null;
  /** The device that is being dragged. */
  dragged: string | null;
  onOpen: (device: RackDevice) => void;
  onNudge: (device: RackDevice, up: boolean) => void;
  onGrab: (device: RackDevice, event: PointerEvent<SVGGElement>) => void;
}

/** A rack from one side. Arrows walk through its devices, Enter opens one, Alt with arrows moves it. */
export function RackSvg({ rack, face, active, drop, dragged, onOpen, onNudge, onGrab }: RackSvgProps) {
  const units = unitsFromTop(rack);
  const height = rack.u_height * UNIT;
  const seen = seenFrom(rack.devices, face).sort((a, b) => fromTop(rack, a.position ?? 0, a.height) - fromTop(rack, b.position ?? 0, b.height));
  const here = drop !== null && drop.rack === rack.id && drop.face === face ? drop : null;
  const stop = seen.find((device) => device.id === active) ?? seen[0];

  const onKey = (event: KeyboardEvent<SVGGElement>, device: RackDevice) => {
    const vertical = event.key === 'ArrowUp' || event.key === 'ArrowDown';
    if (event.key === 'Enter' || event.key === ' ') onOpen(device);
    else if (vertical && event.altKey) onNudge(device, event.key === 'ArrowUp');
    else if (vertical) {
      const all = [...(event.currentTarget.ownerSVGElement?.querySelectorAll<SVGGElement>('[data-device]') ?? [])];
      all[all.indexOf(event.currentTarget) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
    } else return;
    event.preventDefault();
  };

  return (
    <svg className={css.rack} width={LEGEND + WIDTH + 2 * RAIL} height={height + 2 * RAIL} data-rack={rack.id} data-face={face} role="group" aria-label={`${rack.name}, ${face}`}>
      <rect x={LEGEND} y={0} width={WIDTH + 2 * RAIL} height={height + 2 * RAIL} rx={4} className={css.rail} />
      <rect x={LEGEND + RAIL} y={RAIL} width={WIDTH} height={height} className={css.inside} data-slots="" />
      {units.map((unit, at) => (
        <g key={unit} aria-hidden="true">
          <text x={LEGEND - 5} y={RAIL + at * UNIT + UNIT / 2 + 4} className={css.unit}>
            {unit}
          </text>
          {at > 0 && <path d={`M${LEGEND + RAIL} ${RAIL + at * UNIT + 0.5}h${WIDTH}`} className={css.line} />}
          <circle cx={LEGEND + RAIL / 2} cy={RAIL + at * UNIT + UNIT / 2} r={1.4} className={css.hole} />
          <circle cx={LEGEND + RAIL * 1.5 + WIDTH} cy={RAIL + at * UNIT + UNIT / 2} r={1.4} className={css.hole} />
        </g>
      ))}
      {rack.reservations.flatMap((held) =>
        runs(rack, held.units).map((run) => (
          <g key={`${held.id}-${run.at}`}>
            <title>{`Held: ${held.description}${held.user ? `, ${held.user.display}` : ''}`}</title>
            <rect x={LEGEND + RAIL + 2} y={RAIL + run.at * UNIT + 2} width={WIDTH - 4} height={run.count * UNIT - 4} rx={2} className={css.reserved} />
            <text x={LEGEND + RAIL + WIDTH / 2} y={RAIL + (run.at + run.count / 2) * UNIT + 4} className={css.reservedText}>
              {short(held.description, 32)}
            </text>
          </g>
        )),
      )}
      {seen.map((device) => (
        <Device key={device.id} rack={rack} face={face} device={device} stop={device.id === stop?.id} active={device.id === active} dragged={device.id === dragged} onKey={onKey} onOpen={onOpen} onGrab={onGrab} />
      ))}
      {here && (
        <g className={css.drop} data-bad={here.hindrance === null ? undefined : ''} pointerEvents="none">
          <rect x={LEGEND + RAIL + 1} y={RAIL + fromTop(rack, here.position, here.height) * UNIT + 1} width={WIDTH - 2} height={here.height * UNIT - 2} rx={2} />
          <text x={LEGEND + RAIL + WIDTH / 2} y={RAIL + (fromTop(rack, here.position, here.height) + here.height / 2) * UNIT + 4}>
            {here.hindrance ?? `U${here.position}`}
          </text>
        </g>
      )}
    </svg>
  );
}

interface DeviceProps {
  rack: Elevation;
  face: Face;
  device: RackDevice;
  stop: boolean;
  active: boolean;
  dragged: boolean;
  onKey: (event: KeyboardEvent<SVGGElement>, device: RackDevice) => void;
  onOpen: (device: RackDevice) => void;
  onGrab: (device: RackDevice, event: PointerEvent<SVGGElement>) => void;
}

function Device({ rack, face, device, stop, active, dragged, onKey, onOpen, onGrab }: DeviceProps) {
  const own = device.face === face;
  const y = RAIL + fromTop(rack, device.position ?? 0, device.height) * UNIT;
  const height = device.height * UNIT;
  const color = own && /^[\da-f]{6}$/i.test(device.role?.color ?? '') ? (device.role?.color ?? null) : null;
  const name = device.name ?? 'occupied';
  const words = [name, device.device_type?.display, device.role?.display, `U${device.position}`, own ? null : 'seen from behind'].filter(Boolean).join(', ');
  return (
    <g
      className={css.device}
      data-device={device.id}
      data-behind={own ? undefined : ''}
      data-active={active ? '' : undefined}
      data-dragged={dragged ? '' : undefined}
      role="button"
      tabIndex={stop ? 0 : -1}
      aria-label={words}
      onKeyDown={(event) => onKey(event, device)}
      onClick={() => onOpen(device)}
      onPointerDown={(event) => onGrab(device, event)}
    >
      <title>{words}</title>
      <rect x={LEGEND + RAIL + 1} y={y + 1} width={WIDTH - 2} height={height - 2} rx={2} style={color ? { fill: `#${color}` } : undefined} className={css.box} />
      <text x={LEGEND + RAIL + WIDTH / 2} y={y + (device.height >= 2 ? height / 2 - 1 : height / 2 + 4)} style={color ? { fill: inkOn(color) } : undefined}>
        {short(name, 30)}
      </text>
      {device.height >= 2 && (
        <text x={LEGEND + RAIL + WIDTH / 2} y={y + height / 2 + 13} className={css.kind} style={color ? { fill: inkOn(color) } : undefined}>
          {short(device.device_type?.display ?? '', 34)}
        </text>
      )}
      {device.status !== null && device.status !== 'active' && <circle cx={LEGEND + RAIL + WIDTH - 10} cy={y + UNIT / 2} r={4} className={css.state} />}
    </g>
  );
}

function short(text: string, letters: number): string {
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}

/** Units from the top at a point of the window, of the rack under it. */
export function unitUnder(x: number, y: number): { rack: string; face: Face; top: number } | null {
  const svg = document.elementsFromPoint(x, y).find((each): each is SVGSVGElement => each instanceof SVGSVGElement && each.hasAttribute('data-rack'));
  if (!svg) return null;
  const box = svg.getBoundingClientRect();
  return { rack: svg.getAttribute('data-rack') ?? '', face: svg.getAttribute('data-face') === 'rear' ? 'rear' : 'front', top: (y - box.top - RAIL) / UNIT };
}
