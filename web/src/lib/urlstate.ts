/**
 * The view state in the URL: typed parse and format pairs (ui.md 3.7).
 *
 * A page declares its keys once; `parse(format(view))` equals `view` for every value, defaults do
 * not appear in the URL, and keys a page does not know are kept.
 */

/** Query parameters as the router holds them: one text per key. */
export type Raw = Readonly<Record<string, string>>;

/** One value's text form. `format` gives undefined for the default. */
export interface Param<T> {
  parse(text: string | undefined): T;
  format(value: T): string | undefined;
}

export function text(fallback = ''): Param<string> {
  return { parse: (raw) => raw ?? fallback, format: (value) => (value === fallback ? undefined : value) };
}

export function oneOf<const T extends string>(values: readonly T[], fallback: T): Param<T> {
  return {
    parse: (raw) => values.find((value) => value === raw) ?? fallback,
    format: (value) => (value === fallback ? undefined : value),
  };
}

export function flag(fallback = false): Param<boolean> {
  return {
    parse: (raw) => (raw === '1' ? true : raw === '0' ? false : fallback),
    format: (value) => (value === fallback ? undefined : value ? '1' : '0'),
  };
}

/** A list with commas; commas and backslashes inside an item are escaped with a backslash. */
export function list(): Param<string[]> {
  return {
    parse: (raw) => {
      if (raw === undefined) return [];
      const items: string[] = [];
      let item = '';
      for (let at = 0; at < raw.length; at += 1) {
        const char = raw.charAt(at);
        if (char === '\\' && at + 1 < raw.length) {
          at += 1;
          item += raw.charAt(at);
        } else if (char === ',') {
          items.push(item);
          item = '';
        } else item += char;
      }
      items.push(item);
      return items;
    },
    format: (items) => (items.length === 0 ? undefined : items.map((item) => item.replaceAll(/[\\,]/g, String.raw`\$&`)).join(',')),
  };
}

export interface Sort {
  key: string;
  descending: boolean;
}

/** `-updated_at` or `name`; null leaves the order to the server. */
export function sort(): Param<Sort | null> {
  return {
    parse: (raw) => {
      const descending = raw?.startsWith('-') ?? false;
      const key = descending ? raw?.slice(1) : raw;
      return key ? { key, descending } : null;
    },
    format: (value) => (value === null ? undefined : `${value.descending ? '-' : ''}${value.key}`),
  };
}

export interface Cam {
  x: number;
  y: number;
  zoom: number;
}

/** `x,y,zoom`: tenths of a world unit, four significant digits of zoom. */
export function cam(): Param<Cam | null> {
  return {
    parse: (raw) => {
      const parts = raw?.split(',').map(Number) ?? [];
      const [x, y, zoom] = parts;
      if (parts.length !== 3 || x === undefined || y === undefined || zoom === undefined) return null;
      if (![x, y, zoom].every(Number.isFinite) || zoom <= 0) return null;
      return { x, y, zoom };
    },
    format: (value) => (value === null ? undefined : [round(value.x), round(value.y), Number(value.zoom.toPrecision(4))].join(',')),
  };
}

/** What `cam` keeps of a camera. */
export function roundCam(value: Cam): Cam {
  return { x: round(value.x), y: round(value.y), zoom: Number(value.zoom.toPrecision(4)) };
}

function round(value: number): number {
  const rounded = Math.round(value * 10) / 10;
  return Object.is(rounded, -0) ? 0 : rounded;
}

export interface View<T extends object> {
  keys: readonly string[];
  parse(raw: Raw): T;
  /** Writes the view over `rest`: other pages' keys and unknown ones stay. */
  format(view: T, rest?: Raw): Record<string, string>;
}

/** Declares a page's view. `upgrade[n]` turns parameters of version n into version n + 1. */
export function defineView<T extends object>(shape: { [K in keyof T]: Param<T[K]> }, upgrade: Record<number, (raw: Raw) => Raw> = {}): View<T> {
  const version = Math.max(0, ...Object.keys(upgrade).map(Number)) + 1;
  const entries = Object.entries(shape) as [string, Param<unknown>][];
  return {
    keys: entries.map(([key]) => key),
    parse(raw) {
      let current = raw;
      for (let at = Number(raw.v ?? 1); at < version; at += 1) current = upgrade[at]?.(current) ?? current;
      return Object.fromEntries(entries.map(([key, param]) => [key, param.parse(current[key])])) as T;
    },
    format(view, rest = {}) {
      const out: Record<string, string> = { ...rest };
      if (version > 1) out.v = String(version);
      for (const [key, param] of entries) {
        const raw = param.format((view as Record<string, unknown>)[key]);
        if (raw === undefined) delete out[key];
        else out[key] = raw;
      }
      return out;
    },
  };
}

/** Query string to parameters; the last of equal keys wins. */
export function parseQuery(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

/** Parameters to a query string with its question mark, or nothing. Slashes, colons and commas stay readable. */
export function formatQuery(raw: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(raw)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => `${quote(key)}=${quote(String(value))}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function quote(part: string): string {
  return encodeURIComponent(part.toWellFormed()).replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
}
