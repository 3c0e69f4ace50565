/**
 * Which labels show at which zoom. Labels have a constant size on the screen and spread apart as
 * one zooms in, so a label that fits at some zoom fits at every greater one: each label gets the
 * least zoom of a ladder at which it overlaps no label of greater weight. Computed once per frame
 * of data, so that drawing asks one number per label. Pure.
 */

export interface LabelBox {
  /** World position of what is labelled. */
  x: number;
  y: number;
  /** Pixels. */
  width: number;
  height: number;
  /** Pixels from the anchor down to the top of the label, at zoom 1 of the ladder's scale. */
  offset: number;
  weight: number;
}

const CELL = 64;

export function zoomLadder(from: number, to: number, steps: number): number[] {
  const ratio = (to / from) ** (1 / Math.max(1, steps - 1));
  return Array.from({ length: steps }, (_, step) => from * ratio ** step);
}

/** Least zoom per label; Infinity when it fits at none. */
export function labelZooms(labels: readonly LabelBox[], ladder: readonly number[]): Float32Array {
  const out = new Float32Array(labels.length).fill(Infinity);
  const order = labels.map((_, at) => at).sort((a, b) => (labels[b]?.weight ?? 0) - (labels[a]?.weight ?? 0) || a - b);
  for (const zoom of ladder) {
    const grid = new Map<number, number[]>();
    const place = (at: number, onlyIfFree: boolean): boolean => {
      const label = labels[at];
      if (!label) return false;
      const left = label.x * zoom - label.width / 2;
      const top = label.y * zoom + label.offset;
      const cells: number[] = [];
      for (let cy = Math.floor(top / CELL); cy <= Math.floor((top + label.height) / CELL); cy += 1) {
        for (let cx = Math.floor(left / CELL); cx <= Math.floor((left + label.width) / CELL); cx += 1) cells.push(cy * 2_097_152 + cx);
      }
      if (onlyIfFree) {
        for (const cell of cells) {
          for (const other of grid.get(cell) ?? []) {
            const box = labels[other];
            if (!box) continue;
            const apartX = Math.abs(box.x * zoom - label.x * zoom) >= (box.width + label.width) / 2;
            const otherTop = box.y * zoom + box.offset;
            const apartY = otherTop >= top + label.height || top >= otherTop + box.height;
            if (!apartX && !apartY) return false;
          }
        }
      }
      for (const cell of cells) {
        const list = grid.get(cell);
        if (list) list.push(at);
        else grid.set(cell, [at]);
      }
      return true;
    };
    for (const at of order) if ((out[at] ?? Infinity) <= zoom) place(at, false);
    for (const at of order) if ((out[at] ?? Infinity) > zoom && place(at, true)) out[at] = zoom;
  }
  return out;
}
