import { Link } from '@tanstack/react-router';
import { recordPath, type Trace } from '../api';
import { BOX, cableName, cableWords, type CableAt, type Drawing, type PortAt } from './layout';
import css from './trace.module.css';

/** Collections of models one may open from here. */
export const COLLECTIONS: Record<string, string> = {
  'inventory.interface': 'interfaces', 'inventory.front_port': 'front-ports', 'inventory.rear_port': 'rear-ports', 'inventory.console_port': 'console-ports', 'inventory.console_server_port': 'console-server-ports',
  'inventory.power_port': 'power-ports', 'inventory.power_outlet': 'power-outlets', 'inventory.power_feed': 'power-feeds', 'inventory.device': 'devices', 'inventory.power_panel': 'power-panels',
};

/** The drawing of a trace. The same, in words, is in the table beside it. */
export function TraceSvg({ trace, drawing, label }: { trace: Trace; drawing: Drawing; label: string }) {
  return (
    <svg className={css.trace} width={drawing.width} height={drawing.height} viewBox={`0 0 ${drawing.width} ${drawing.height}`} role="group" aria-label={label}>
      {drawing.boxes.map((box) => (
        <g key={box.key}>
          <rect x={box.x} y={box.y} width={BOX} height={box.height} rx={6} className={css.box} data-origin={box.origin ? '' : undefined} />
          <path d={`M${box.x} ${box.y + 30}h${BOX}`} className={css.rule} />
          {box.at?.model && COLLECTIONS[box.at.model] ? (
            <Link to={recordPath(COLLECTIONS[box.at.model] ?? '', box.at.id) as never}>
              <text x={box.x + BOX / 2} y={box.y + 20} className={css.title}>{short(box.title, 22)}</text>
            </Link>
          ) : (
            <text x={box.x + BOX / 2} y={box.y + 20} className={css.title}>{short(box.title, 22)}</text>
          )}
        </g>
      ))}
      {drawing.passes.map((pass) => (
        <path key={pass.key} d={curve(inside(pass.from), inside(pass.to), 24)} className={css.pass} />
      ))}
      {drawing.cables.map((each) => (
        <Cable key={`${each.cable.id}${each.from.y}${each.to.y}`} each={each} roomy={drawing.roomy} />
      ))}
      {drawing.boxes.flatMap((box) => box.ports).map((port) => (
        <Port key={port.port.id} at={port} origin={trace.origin.includes(port.port.id)} open={trace.open.includes(port.port.id)} />
      ))}
    </svg>
  );
}

function Cable({ each: { cable, from, to }, roomy }: { each: CableAt; roomy: boolean }) {
  const color = /^[\da-f]{6}$/i.test(cable.color ?? '') ? `#${cable.color}` : undefined;
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const name = short(cableName(cable), 15);
  const words = roomy ? short(cableWords(cable), 18) : '';
  const wide = Math.max(name.length * 6.6, words.length * 6) + 14;
  return (
    <g>
      <title>{`Cable ${cableName(cable)}${words === '' ? '' : `: ${cableWords(cable)}`}`}</title>
      <path d={curve(from, to, 70)} className={css.casing} />
      <path d={curve(from, to, 70)} className={css.cable} style={color ? { stroke: color } : undefined} data-planned={cable.status === 'connected' || cable.status === null ? undefined : ''} />
      <Link to={recordPath('cables', cable.id) as never}>
        <rect x={middle.x - wide / 2} y={middle.y - (words === '' ? 10 : 17)} width={wide} height={words === '' ? 20 : 34} rx={4} className={css.chip} />
        <text x={middle.x} y={middle.y + (words === '' ? 4 : -3)} className={css.cableName}>{name}</text>
        {words !== '' && <text x={middle.x} y={middle.y + 11} className={css.words}>{words}</text>}
      </Link>
    </g>
  );
}

function Port({ at, origin, open }: { at: PortAt; origin: boolean; open: boolean }) {
  const left = at.side === 'left';
  const path = COLLECTIONS[at.port.model];
  const text = (
    <text x={at.x + (left ? 12 : -12)} y={at.y + 4} className={css.port} textAnchor={left ? 'start' : 'end'} data-origin={origin ? '' : undefined}>
      {short(at.port.name, 11)}
    </text>
  );
  return (
    <g>
      <title>{`${at.port.name}${at.port.label ? ` (${at.port.label})` : ''}${open ? ', nothing is connected' : ''}`}</title>
      <circle cx={at.x} cy={at.y} r={5} className={css.dot} data-origin={origin ? '' : undefined} data-open={open ? '' : undefined} />
      {path ? <Link to={recordPath(path, at.port.id) as never}>{text}</Link> : text}
    </g>
  );
}

/** Where the name of a port ends. */
function inside(port: PortAt): { x: number; y: number } {
  const name = Math.min(port.port.name.length, 11) * 7 + 16;
  return { x: port.side === 'left' ? port.x + name : port.x - name, y: port.y };
}

function curve(from: { x: number; y: number }, to: { x: number; y: number }, pull: number): string {
  if (Math.abs(from.y - to.y) < 0.5) return `M${from.x} ${from.y}L${to.x} ${to.y}`;
  const way = Math.sign(to.x - from.x) || 1;
  return `M${from.x} ${from.y}C${from.x + way * pull} ${from.y} ${to.x - way * pull} ${to.y} ${to.x} ${to.y}`;
}

function short(text: string, letters: number): string {
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}
