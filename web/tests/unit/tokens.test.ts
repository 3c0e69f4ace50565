import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Reads the colours of one theme out of tokens.css. */
const css = readFileSync('src/tokens.css', 'utf8');

function theme(name: string): Record<string, string> {
  const block = new RegExp(`data-theme='${name}'\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[\da-f]{6});/g)].map(([, key, value]) => [key, value]));
}

type Rgb = [number, number, number];

function linear(hex: string): Rgb {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** WCAG 2 contrast ratio. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [r, g, b2] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b2;
  };
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** Full colour vision deficiency after Machado, Oliveira and Fernandes 2009, severity 1. */
const VISION: Record<string, number[]> = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

function lab(hex: string, matrix: number[]): Rgb {
  const [r, g, b] = linear(hex);
  const see = (row: number) => Math.min(1, Math.max(0, (matrix[row * 3] ?? 0) * r + (matrix[row * 3 + 1] ?? 0) * g + (matrix[row * 3 + 2] ?? 0) * b));
  const [R, G, B] = [see(0), see(1), see(2)];
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * R + 0.3576 * G + 0.1805 * B) / 0.95047);
  const y = f(0.2126 * R + 0.7152 * G + 0.0722 * B);
  const z = f((0.0193 * R + 0.1192 * G + 0.9505 * B) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const STATUS = ['ok', 'info', 'warning', 'critical', 'unknown', 'maintenance'];
const SURFACES = ['surface', 'raised', 'sunken'];

describe.each(['light', 'dark', 'hc'])('colours of the %s theme', (name) => {
  const colours = theme(name);
  const colour = (key: string) => {
    const value = colours[key];
    if (!value) throw new Error(`tokens.css: --${key} is missing in ${name}`);
    return value;
  };

  it('text, muted text, accent and status read on every surface (AA, 4.5:1)', () => {
    for (const surface of SURFACES) {
      for (const text of ['text', 'text-muted', 'accent', ...STATUS]) {
        expect(contrast(colour(text), colour(surface)), `${text} on ${surface}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(colour('on-accent'), colour('accent'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour('accent'), colour('accent-tint'))).toBeGreaterThanOrEqual(4.5);
  });

  it('borders of controls are seen (3:1)', () => {
    for (const surface of ['surface', 'raised']) expect(contrast(colour('control-border'), colour(surface))).toBeGreaterThanOrEqual(3);
  });

  it.runIf(name !== 'hc')('status colours stay apart for every kind of colour vision', () => {
    for (const [vision, matrix] of Object.entries(VISION)) {
      for (const [at, a] of STATUS.entries()) {
        for (const b of STATUS.slice(at + 1)) {
          const [p, q] = [lab(colour(a), matrix), lab(colour(b), matrix)];
          expect(Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]), `${a} and ${b}, ${vision}`).toBeGreaterThanOrEqual(20);
        }
      }
    }
  });
});
