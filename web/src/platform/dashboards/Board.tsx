import { ActionIcon } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { modelsQuery } from '~/api/queries';
import { IconArrowsMove, IconSettings, IconX } from '~/kit/icons';
import { Body } from './Body';
import css from './dashboards.module.css';
import { arranged, COLUMNS, inOrder, nudged, resized, titleOf, type Place, type Widget } from './layout';

/** Height of a row and the gap between cells, pixels; the style sheet says the same. */
const ROW = 56;
const GAP = 12;

const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

interface BoardProps {
  widgets: readonly Widget[];
  editing: boolean;
  onChange: (widgets: Widget[]) => void;
  onConfigure: (id: string) => void;
}

interface Held {
  id: string;
  how: 'move' | 'size';
  from: Place;
  at: [number, number];
  before: readonly Widget[];
}

/** Widgets where they stand; while editing they are moved and sized by mouse and by keyboard. */
export function Board({ widgets, editing, onChange, onConfigure }: BoardProps) {
  const { data: models } = useSuspenseQuery(modelsQuery);
  const grid = useRef<HTMLDivElement>(null);
  const [held, setHeld] = useState<Held | null>(null);
  const [said, setSaid] = useState('');

  const take = (event: PointerEvent, widget: Widget, how: Held['how']) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setHeld({ id: widget.id, how, from: widget, at: [event.clientX, event.clientY], before: widgets });
  };
  const drag = (event: PointerEvent) => {
    if (!held || !grid.current) return;
    const column = (grid.current.clientWidth + GAP) / COLUMNS;
    const [dx, dy] = [Math.round((event.clientX - held.at[0]) / column), Math.round((event.clientY - held.at[1]) / (ROW + GAP))];
    const { x, y, w, h } = held.from;
    onChange(held.how === 'move' ? arranged(held.before, held.id, { x: x + dx, y: y + dy }) : resized(held.before, held.id, [Math.max(1 - w, dx), Math.max(1 - h, dy)]));
  };
  const drop = () => setHeld(null);
  const onKey = (event: KeyboardEvent, widget: Widget) => {
    if (event.key === 'Escape' && held) {
      onChange([...held.before]);
      setHeld(null);
      event.preventDefault();
      return;
    }
    const by = ARROWS[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = event.shiftKey ? resized(widgets, widget.id, by) : nudged(widgets, widget.id, by);
    onChange(next);
    const now = next.find((each) => each.id === widget.id) ?? widget;
    setSaid(`${titleOf(widget, models)}: column ${now.x + 1}, row ${now.y + 1}, ${now.w} wide, ${now.h} high`);
  };

  return (
    <div ref={grid} className={css.board} data-editing={editing ? '' : undefined}>
      {inOrder(widgets).map((widget) => {
        const title = titleOf(widget, models);
        return (
          <section
            key={widget.id}
            className={css.widget}
            aria-label={title}
            data-held={held?.id === widget.id ? '' : undefined}
            style={{ gridColumn: `${widget.x + 1} / span ${widget.w}`, gridRow: `${widget.y + 1} / span ${widget.h}` }}
          >
            <header>
              {editing && (
                <button
                  type="button"
                  className={css.handle}
                  aria-label={`Move ${title}`}
                  aria-describedby="board-keys"
                  onPointerDown={(event) => take(event, widget, 'move')}
                  onPointerMove={drag}
                  onPointerUp={drop}
                  onPointerCancel={drop}
                  onKeyDown={(event) => onKey(event, widget)}
                >
                  <IconArrowsMove size={16} aria-hidden="true" />
                </button>
              )}
              <h2>{title}</h2>
              {editing && (
                <span className={css.tools}>
                  <ActionIcon variant="subtle" color="gray" size={26} aria-label={`Settings of ${title}`} onClick={() => onConfigure(widget.id)}>
                    <IconSettings size={15} />
                  </ActionIcon>
                  <ActionIcon variant="subtle" color="gray" size={26} aria-label={`Remove ${title}`} onClick={() => onChange(widgets.filter((each) => each.id !== widget.id))}>
                    <IconX size={15} />
                  </ActionIcon>
                </span>
              )}
            </header>
            {/* What scrolls takes the focus; while the board is edited nothing inside answers. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must take focus (WCAG 2.1.1) */}
            <div className={css.body} role="group" aria-label={`Content of ${title}`} tabIndex={editing ? undefined : 0} inert={editing}>
              <Body widget={widget} />
            </div>
            {editing && (
              <span
                className={css.corner}
                aria-hidden="true"
                onPointerDown={(event) => take(event, widget, 'size')}
                onPointerMove={drag}
                onPointerUp={drop}
                onPointerCancel={drop}
              />
            )}
          </section>
        );
      })}
      <p id="board-keys" className="visually-hidden">
        Arrow keys move it, with Shift they change its size.
      </p>
      <p role="status" className="visually-hidden">
        {said}
      </p>
    </div>
  );
}
