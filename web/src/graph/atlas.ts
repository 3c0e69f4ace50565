/**
 * Two small textures made at run time. Both hold coverage in alpha and, in green, how much of it
 * is the surface colour (the halo of a letter, the sign inside a badge); the rest is tinted.
 */
import { __iconNode as accessPoint } from '@tabler/icons-react/dist/esm/icons/IconAccessPoint.mjs';
import { __iconNode as phone } from '@tabler/icons-react/dist/esm/icons/IconPhone.mjs';
import { __iconNode as question } from '@tabler/icons-react/dist/esm/icons/IconQuestionMark.mjs';
import { __iconNode as router } from '@tabler/icons-react/dist/esm/icons/IconRouter.mjs';
import { __iconNode as server } from '@tabler/icons-react/dist/esm/icons/IconServer2.mjs';
import { __iconNode as switch3 } from '@tabler/icons-react/dist/esm/icons/IconSwitch3.mjs';
import { __iconNode as wall } from '@tabler/icons-react/dist/esm/icons/IconWall.mjs';
import type { NodeShape } from './view';

type IconNode = [tag: string, attributes: Record<string, string>][];

export const ICONS: Partial<Record<NodeShape, IconNode>> = { router, l3switch: switch3, switch: switch3, firewall: wall, ap: accessPoint, host: server, phone, unknown: question };

/** Path2D of an icon on its 24 x 24 grid. */
export function iconPath(parts: IconNode): Path2D {
  const path = new Path2D();
  for (const [tag, attributes] of parts) {
    const number = (name: string) => Number(attributes[name] ?? 0);
    if (tag === 'path') path.addPath(new Path2D(attributes.d));
    else if (tag === 'circle') {
      path.moveTo(number('cx') + number('r'), number('cy'));
      path.arc(number('cx'), number('cy'), number('r'), 0, 2 * Math.PI);
    } else if (tag === 'rect') path.roundRect(number('x'), number('y'), number('width'), number('height'), number('rx'));
  }
  return path;
}

export const BADGES = ['warning', 'critical', 'unknown', 'gone', 'pin'] as const;
export type BadgeName = (typeof BADGES)[number];

/** Draws a badge (ui.md 3.3) into a 14 x 14 box: `tone` areas and `sign` strokes on them. */
export function drawBadge(context: CanvasRenderingContext2D, name: BadgeName, tone: string, sign: string): void {
  const shape = new Path2D(
    name === 'warning' ? 'M7 .6 13.8 13H.2z'
    : name === 'critical' ? 'M4.2.5h5.600L13.5 4.2v5.600L9.8 13.5H4.2L.5 9.800V4.2z'
    : 'M7 .5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z',
  );
  context.fillStyle = tone;
  context.fill(shape);
  context.strokeStyle = sign;
  context.fillStyle = sign;
  context.lineWidth = 1.8;
  context.lineCap = 'round';
  const line = (d: string) => context.stroke(new Path2D(d));
  switch (name) {
    case 'warning':
      line('M7 5.200v3.200M7 10.700v.1');
      break;
    case 'critical':
      line('m4.7 4.7 4.6 4.600m0-4.600L4.7 9.3');
      break;
    case 'unknown':
      line('M5.3 5.400a1.7 1.7 0 1 1 2.5 1.500c-.5.3-.8.6-.8 1.200M7 10.300v.1');
      break;
    case 'gone':
      line('M4 7h6');
      break;
    case 'pin':
      context.fill(new Path2D('M7 3.3a2.7 2.7 0 0 1 2.7 2.7C9.7 7.7 7 11 7 11S4.3 7.7 4.3 6A2.7 2.7 0 0 1 7 3.3z'));
      break;
  }
}

export const CELL = 64;
export const CELLS_PER_ROW = 8;

export interface SpriteAtlas {
  canvas: HTMLCanvasElement;
  icon: Map<NodeShape, number>;
  badge: Map<BadgeName, number>;
}

function canvasOf(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D | null] {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return [canvas, canvas.getContext('2d', { willReadFrequently: true })];
}

export function spriteAtlas(): SpriteAtlas {
  const [canvas, context] = canvasOf(CELL * CELLS_PER_ROW, CELL * 2);
  const icon = new Map<NodeShape, number>();
  const badge = new Map<BadgeName, number>();
  let cell = 0;
  const draw = (units: number, paint: (target: CanvasRenderingContext2D) => void) => {
    if (context) {
      context.save();
      context.translate((cell % CELLS_PER_ROW) * CELL + 2, Math.floor(cell / CELLS_PER_ROW) * CELL + 2);
      context.scale((CELL - 4) / units, (CELL - 4) / units);
      paint(context);
      context.restore();
    }
    cell += 1;
    return cell - 1;
  };
  for (const [shape, parts] of Object.entries(ICONS) as [NodeShape, IconNode][]) {
    icon.set(shape, draw(24, (target) => {
      target.strokeStyle = '#f00';
      target.lineWidth = 1.7;
      target.lineCap = 'round';
      target.lineJoin = 'round';
      target.stroke(iconPath(parts));
    }));
  }
  for (const name of BADGES) badge.set(name, draw(14, (target) => drawBadge(target, name, '#f00', '#0f0')));
  return { canvas, icon, badge };
}

export const LABEL_SIZE = 11.5;
export const LABEL_FONT = `500 ${LABEL_SIZE}px system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif`;
export const LABEL_HEIGHT = 16;
const PAD = 3;

export interface Glyph {
  /** Place in the texture, in its pixels. */
  u: number;
  v: number;
  width: number;
  height: number;
  /** Pen advance in CSS pixels. */
  advance: number;
}

export interface GlyphAtlas {
  canvas: HTMLCanvasElement;
  glyphs: Map<string, Glyph>;
  pad: number;
}

/** Every letter that occurs, once, with its halo, at the screen's resolution. */
export function glyphAtlas(letters: Iterable<string>, ratio: number): GlyphAtlas {
  const width = 1024;
  const row = Math.ceil((LABEL_HEIGHT + 2 * PAD) * ratio);
  const unique = [...new Set(letters)];
  const [, probe] = canvasOf(1, 1);
  if (probe) probe.font = LABEL_FONT;
  const glyphs = new Map<string, Glyph>();
  let u = 0;
  let v = 0;
  for (const letter of unique) {
    const advance = probe?.measureText(letter).width ?? LABEL_SIZE * 0.6;
    const across = Math.ceil((advance + 2 * PAD) * ratio) + 1;
    if (u + across > width) {
      u = 0;
      v += row;
    }
    glyphs.set(letter, { u, v, width: across, height: row, advance });
    u += across;
  }
  const [canvas, context] = canvasOf(width, Math.max(row, v + row));
  if (context) {
    context.font = LABEL_FONT;
    context.textBaseline = 'alphabetic';
    context.lineJoin = 'round';
    context.lineWidth = 3;
    for (const [letter, glyph] of glyphs) {
      context.setTransform(ratio, 0, 0, ratio, glyph.u, glyph.v);
      context.strokeStyle = '#0f0';
      context.strokeText(letter, PAD, PAD + LABEL_SIZE);
      context.fillStyle = '#f00';
      context.fillText(letter, PAD, PAD + LABEL_SIZE);
    }
  }
  return { canvas, glyphs, pad: PAD };
}

export function textWidth(atlas: GlyphAtlas, text: string): number {
  let width = 0;
  for (const letter of text) width += atlas.glyphs.get(letter)?.advance ?? 0;
  return width;
}
