/** The page's colours as numbers, in the order the shaders index them. */

export const COLOURS = ['surface', 'text', 'text-muted', 'accent', 'ok', 'info', 'warning', 'critical', 'unknown', 'control-border', 'sunken', 'maintenance'] as const;
export type ColourName = (typeof COLOURS)[number];

export type Palette = Record<ColourName, string>;

export function readPalette(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  return Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`).trim() || '#808080'])) as Palette;
}

/** `#rrggbb` or `#rgb` (what a CSS minifier makes of it) as three numbers from 0 to 1; grey for anything else. */
export function rgb(hex: string): [number, number, number] {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(hex);
  const match = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(short ? `#${short.slice(1).map((digit) => digit + digit).join('')}` : hex);
  const part = (at: number) => Number.parseInt(match?.[at] ?? '80', 16) / 255;
  return [part(1), part(2), part(3)];
}

/** Mixes two colours; share 0 is the first. */
export function mix(from: string, to: string, share: number): string {
  const a = rgb(from);
  const b = rgb(to);
  const part = (at: 0 | 1 | 2) => Math.round((a[at] + (b[at] - a[at]) * share) * 255).toString(16).padStart(2, '0');
  return `#${part(0)}${part(1)}${part(2)}`;
}

/** Fill of a node: a breath of its role's colour. */
export const TINTS: Record<string, [ColourName, number]> = {
  router: ['accent', 0.2], l3switch: ['accent', 0.12], switch: ['text', 0.06], firewall: ['maintenance', 0.16], ap: ['info', 0.1], host: ['text', 0.03], phone: ['text', 0.03], segment: ['text', 0.1], unknown: ['text', 0.0],
};
