import { useCallback, useEffect, useRef, useState, type PointerEvent as ReactPointerEvent } from 'react';
import type { Elevation, RackDevice } from '../api';
import { unitUnder, type Drop } from './RackSvg';
import { hindrance, positionAt } from './space';

/** Pixels a pointer goes before a press is a drag. */
const SLACK = 5;

export interface Drag {
  device: RackDevice;
  from: Elevation | null;
  /** Where it would come to stand; `shelf` when outside of racks. */
  drop: Drop | null;
  shelf: boolean;
}

interface Pressed {
  device: RackDevice;
  from: Elevation | null;
  x: number;
  y: number;
  /** Units between the upper edge of the device and the pointer. */
  hold: number;
}

/** Dragging by any pointer: where the device would stand while it goes, and what to do when it is let go. */
export function useDrag(racks: readonly Elevation[], onDrop: (drag: Drag) => void) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const pressed = useRef<Pressed | null>(null);
  const moved = useRef(false);

  const where = useCallback(
    (press: Pressed, x: number, y: number): Drag => {
      const under = unitUnder(x, y);
      const rack = racks.find((each) => each.id === under?.rack);
      const shelf = document.elementsFromPoint(x, y).some((each) => each.hasAttribute('data-shelf'));
      if (!under || !rack) return { device: press.device, from: press.from, drop: null, shelf };
      const { height } = press.device;
      const top = Math.max(0, Math.min(rack.u_height - Math.max(height, 1), Math.round(under.top - press.hold)));
      const place = { position: positionAt(rack, top, height), face: under.face };
      return { device: press.device, from: press.from, shelf: false, drop: { rack: rack.id, ...place, height: Math.max(height, 1), hindrance: hindrance(rack, press.device, place) } };
    },
    [racks],
  );

  useEffect(() => {
    const onMove = (event: PointerEvent) => {
      const press = pressed.current;
      if (!press) return;
      if (!moved.current && Math.hypot(event.clientX - press.x, event.clientY - press.y) < SLACK) return;
      moved.current = true;
      event.preventDefault();
      setDrag(where(press, event.clientX, event.clientY));
    };
    const onUp = (event: PointerEvent) => {
      const press = pressed.current;
      pressed.current = null;
      if (!press || !moved.current) return;
      setDrag(null);
      onDrop(where(press, event.clientX, event.clientY));
    };
    const stop = () => {
      pressed.current = null;
      setDrag(null);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') stop();
    };
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', onUp);
    window.addEventListener('pointercancel', stop);
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', onUp);
      window.removeEventListener('pointercancel', stop);
      window.removeEventListener('keydown', onKey);
    };
  }, [onDrop, where]);

  const grab = useCallback((device: RackDevice, from: Elevation | null, event: ReactPointerEvent<Element>, hold: number) => {
    if (event.button !== 0) return;
    moved.current = false;
    pressed.current = { device, from, x: event.clientX, y: event.clientY, hold };
  }, []);

  /** A click that ends a drag opens nothing. */
  const dragged = useCallback(() => {
    const was = moved.current;
    moved.current = false;
    return was;
  }, []);

  return { drag, grab, dragged };
}
