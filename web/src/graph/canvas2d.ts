/** The scene drawn on a 2D canvas, for browsers without WebGL2. Same marks, culled to the view. */
import type { Cam } from '~/lib/urlstate';
import { drawBadge, ICONS, iconPath, LABEL_FONT, LABEL_SIZE, type BadgeName } from './atlas';
import { toScreen, type Size } from './camera';
import type { LabelPlan, Painter } from './painter';
import { mix, TINTS, type Palette } from './palette';
import { LINK, NODE, nodeScale, type Scene } from './scene';
import type { GraphLink, GraphNode, NodeShape } from './view';

const DASH: Record<GraphLink['dash'], number[]> = { solid: [], long: [9, 4], dashdot: [9, 3, 2.5, 3], dash: [5, 3], dot: [1.6, 3.4] };

function outline(shape: NodeShape, r: number): Path2D {
  const path = new Path2D();
  const box = (w: number, h: number, round: number) => path.roundRect(-w, -h, 2 * w, 2 * h, round);
  switch (shape) {
    case 'l3switch':
    case 'switch':
      box(r * 0.92, r * 0.92, Math.min(3, r * 0.2));
      break;
    case 'firewall':
      for (let corner = 0; corner < 6; corner += 1) path.lineTo(r * 1.06 * Math.cos((corner * Math.PI) / 3 + Math.PI / 6), r * 1.06 * Math.sin((corner * Math.PI) / 3 + Math.PI / 6));
      path.closePath();
      break;
    case 'ap':
      box(r * 0.92, r * 0.92, r * 0.42);
      break;
    case 'host':
      box(r * 0.74, r, Math.min(3, r * 0.2));
      break;
    case 'phone':
      box(r * 0.64, r, r * 0.3);
      break;
    case 'segment':
      box(r * 1.15, r * 0.42, r * 0.42);
      break;
    default:
      path.arc(0, 0, r, 0, 2 * Math.PI);
  }
  return path;
}

export class Canvas2dPainter implements Painter {
  readonly backend = 'canvas2d';
  private readonly context: CanvasRenderingContext2D;
  private readonly icons = new Map(Object.entries(ICONS).map(([shape, parts]) => [shape, iconPath(parts)]));
  private scene: Scene | null = null;
  private plan: LabelPlan | null = null;
  private palette: Palette | null = null;
  private size: Size = { width: 1, height: 1 };
  private ratio = 1;

  constructor(readonly canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('canvas is not available');
    this.context = context;
  }

  setScene(scene: Scene, plan: LabelPlan): void {
    this.scene = scene;
    this.plan = plan;
  }

  updateNodes(): void {
    // Drawn from the scene itself.
  }

  updateLinks(): void {
    // Drawn from the scene itself.
  }

  setPalette(palette: Palette): void {
    this.palette = palette;
  }

  resize(size: Size, ratio: number): void {
    this.size = size;
    this.ratio = ratio;
    this.canvas.width = Math.max(1, Math.round(size.width * ratio));
    this.canvas.height = Math.max(1, Math.round(size.height * ratio));
  }

  draw(camera: Cam): void {
    const { context, scene, plan, palette, size } = this;
    if (!palette) return;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.fillStyle = palette.surface;
    context.fillRect(0, 0, size.width, size.height);
    if (!scene || !plan) return;
    const scale = nodeScale(scene, camera.zoom);
    const at = (node: number) => toScreen(camera, size, { x: scene.x[node] ?? 0, y: scene.y[node] ?? 0 });
    scene.links.forEach((link, index) => this.drawLink(link, at(scene.from[index] ?? 0), at(scene.to[index] ?? 0), scene.linkFlags[index] ?? 0, (scene.lane[index] ?? 0) * Math.min(1, Math.max(0.4, scale)), palette));
    scene.nodes.forEach((node, index) => {
      const { x, y } = at(index);
      const radius = Math.max(2.5, (scene.radius[index] ?? 10) * scale);
      if (x < -radius - 60 || y < -radius - 40 || x > size.width + radius + 60 || y > size.height + radius + 20) return;
      context.save();
      context.translate(x, y);
      this.drawNode(node, radius, scene.nodeFlags[index] ?? 0, palette);
      const flags = scene.nodeFlags[index] ?? 0;
      if (camera.zoom >= (plan.nodeZoom[index] ?? Infinity) || flags & (NODE.selected | NODE.hovered)) this.drawLabel(node.label, radius + 3, flags, palette);
      context.restore();
    });
  }

  private drawLink(link: GraphLink, a: { x: number; y: number }, b: { x: number; y: number }, flags: number, lane: number, palette: Palette): void {
    const { context, size } = this;
    if (Math.max(a.x, b.x) < 0 || Math.min(a.x, b.x) > size.width || Math.max(a.y, b.y) < 0 || Math.min(a.y, b.y) > size.height) return;
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const marked = flags & (LINK.selected | LINK.hovered);
    const strength = flags & LINK.faded ? 0.18 : flags & LINK.gone ? 0.4 : flags & LINK.stale ? 0.6 : 1;
    const tone = mix(palette.surface, marked ? palette.accent : flags & LINK.down ? palette.critical : palette['text-muted'], strength);
    context.save();
    context.translate(a.x, a.y);
    context.rotate(Math.atan2(b.y - a.y, b.x - a.x));
    context.translate(0, lane);
    const line = (y: number, width: number) => {
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(0, y);
      context.lineTo(length, y);
      context.stroke();
    };
    if (marked) {
      context.strokeStyle = mix(palette.surface, palette.accent, 0.35);
      line(0, link.width + 8);
    }
    context.strokeStyle = tone;
    context.setLineDash(flags & LINK.gone ? [4, 4] : DASH[link.dash]);
    if (flags & LINK.lag) {
      line(-2.3, 1.5);
      line(2.3, 1.5);
    } else line(0, link.width);
    context.setLineDash([]);
    if (length > 40) this.drawLinkSign(length / 2, flags, tone, palette);
    context.restore();
  }

  private drawLinkSign(middle: number, flags: number, tone: string, palette: Palette): void {
    const { context } = this;
    const stroke = (colour: string, d: string, width = 1.6) => {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke(new Path2D(d));
    };
    context.translate(middle, 0);
    if (flags & LINK.blocked) {
      stroke(palette.surface, 'M-4 0h8', 8);
      stroke(palette.warning, 'M-4-6v12M4-6v12', 2.4);
    } else if (flags & (LINK.gone | LINK.down | LINK.contradicted)) {
      context.fillStyle = palette.surface;
      context.beginPath();
      context.arc(0, 0, 7, 0, 2 * Math.PI);
      context.fill();
      stroke(tone, 'M-6.5 0a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0');
      stroke(flags & LINK.contradicted ? palette.warning : tone, flags & LINK.gone ? 'M-3 0h6' : flags & LINK.down ? 'M-2.5-2.500l5 5m0-5l-5 5' : 'M-3-1.600h6M-3 1.600h6M-2 3.500l4-7');
    } else if (flags & LINK.lag) stroke(tone, 'M0-5v10');
  }

  private drawNode(node: GraphNode, radius: number, flags: number, palette: Palette): void {
    const { context } = this;
    const path = outline(node.shape, radius);
    const strength = flags & NODE.faded ? 0.18 : flags & NODE.gone ? 0.4 : flags & NODE.stale ? 0.6 : 1;
    const [tint, share] = TINTS[node.shape] ?? ['text', 0];
    const toned = (colour: string) => mix(palette.surface, colour, strength);
    const marked = flags & (NODE.selected | NODE.hovered);
    if (marked) {
      context.strokeStyle = mix(palette.surface, palette.accent, 0.45);
      context.lineWidth = 9;
      context.stroke(path);
    }
    context.fillStyle = toned(mix(palette.surface, palette[tint], share));
    context.fill(path);
    const quiet = node.shape === 'unknown' || node.shape === 'segment';
    const status = quiet ? 'ok' : node.status;
    context.strokeStyle = toned(marked ? palette.accent : status === 'ok' ? mix(palette['text-muted'], palette.text, 0.35) : palette[status]);
    context.lineWidth = status === 'ok' ? 1.4 : 2.2;
    context.setLineDash(status === 'warning' ? [6, 3] : status === 'unknown' || flags & NODE.stale ? [2, 2.5] : node.shape === 'unknown' || flags & NODE.gone ? [4, 3] : []);
    context.stroke(path);
    context.setLineDash([]);
    if (status === 'critical') context.stroke(outline(node.shape, radius + 4.5));
    const icon = this.icons.get(node.shape);
    if (icon && radius >= 8) {
      context.save();
      context.scale(radius / 20, radius / 20);
      context.translate(-12, -12);
      context.strokeStyle = toned(marked ? palette.accent : palette.text);
      context.lineWidth = 1.7;
      context.stroke(icon);
      context.restore();
    }
    const badge: BadgeName | null = node.presence === 'gone' ? 'gone' : node.presence === 'stale' ? 'unknown' : status === 'ok' ? null : status;
    const place = (name: BadgeName, tone: string, down: boolean) => {
      const edge = Math.min(15, Math.max(8, radius * 0.85));
      context.save();
      context.translate(radius * 0.78 - edge / 2, (down ? radius : -radius) * 0.78 - edge / 2);
      context.scale(edge / 14, edge / 14);
      drawBadge(context, name, toned(tone), palette.surface);
      context.restore();
    };
    if (badge && radius >= 5) place(badge, badge === 'warning' || badge === 'critical' ? palette[badge] : palette.unknown, false);
    if (node.pinned && radius >= 5) place('pin', palette.accent, true);
  }

  private drawLabel(text: string, top: number, flags: number, palette: Palette): void {
    const { context } = this;
    if (flags & NODE.faded) return;
    context.font = LABEL_FONT;
    context.textAlign = 'center';
    context.lineJoin = 'round';
    context.lineWidth = 3;
    context.strokeStyle = palette.surface;
    context.strokeText(text, 0, top + LABEL_SIZE);
    context.fillStyle = flags & (NODE.selected | NODE.hovered) ? palette.accent : palette.text;
    context.fillText(text, 0, top + LABEL_SIZE);
  }

  destroy(): void {
    this.scene = null;
  }
}
