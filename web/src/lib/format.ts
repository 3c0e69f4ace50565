/** Numbers, times and names for people. Pure; times take `now` so that tests need no clock. */

const SI = ['', 'k', 'M', 'G', 'T', 'P'];
const IEC = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];

function scaled(value: number, base: number, prefixes: string[]): [string, string] {
  let step = 0;
  let rest = value;
  while (Math.abs(rest) >= base && step < prefixes.length - 1) {
    rest /= base;
    step += 1;
  }
  const digits = Number.isInteger(rest) || Math.abs(rest) >= 100 ? 0 : Math.abs(rest) >= 10 ? 1 : 2;
  return [rest.toFixed(digits).replace(/\.0+$/, ''), prefixes[step] ?? ''];
}

/** Bits per second with SI prefix: `10 Gbit/s`. */
export function bitrate(bps: number | null | undefined): string {
  if (bps === null || bps === undefined || !Number.isFinite(bps)) return '-';
  const [number, prefix] = scaled(bps, 1000, SI);
  return `${number} ${prefix}bit/s`;
}

/** Bytes with IEC prefix: `1.5 MiB`. */
export function bytes(count: number | null | undefined): string {
  if (count === null || count === undefined || !Number.isFinite(count)) return '-';
  const [number, prefix] = scaled(count, 1024, IEC);
  return `${number} ${prefix}B`;
}

/** Grouped integer: `12 345`. */
export function count(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '-';
  return value.toLocaleString('en-GB').replaceAll(',', '\u202f');
}

/** `1 device`, `2 devices`; pass the plural when it is not made with s. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Milliseconds as `340 ms`, `2.4 s`, `3 min 5 s`, `2 h 4 min`, `3 d 4 h`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms) || ms < 0) return '-';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 100) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const pair = (big: number, bigUnit: string, small: number, smallUnit: string) =>
    small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.floor(minutes / 60);
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** Distance to now in one unit: `just now`, `12 s ago`, `in 3 h`. */
export function relative(iso: string | null | undefined, now: number): string {
  const at = iso ? Date.parse(iso) : Number.NaN;
  if (Number.isNaN(at)) return '-';
  const seconds = Math.round((now - at) / 1000);
  const size = Math.abs(seconds);
  if (size < 3) return 'just now';
  const text =
    size < 60 ? `${size} s`
    : size < 3600 ? `${Math.floor(size / 60)} min`
    : size < 86_400 ? `${Math.floor(size / 3600)} h`
    : `${Math.floor(size / 86_400)} d`;
  return seconds > 0 ? `${text} ago` : `in ${text}`;
}

/** Local wall time `2026-11-25 13:04:09`. */
export function localTime(iso: string | null | undefined): string {
  const at = iso ? new Date(iso) : null;
  if (!at || Number.isNaN(at.getTime())) return '-';
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** Share in percent without pretending precision: 0.985 -> `98 %`; 1 only when it is 1. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return '-';
  return `${Math.floor(share * 100 + 1e-9)} %`;
}

/** Seconds of SNMP uptime ticks and the like: `sys_up_time` -> `Sys up time`. */
export function humanise(key: string): string {
  const words = key.replace(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll('_', ' ').trim().toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Any JSON value as one line of text. */
export function plain(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(plain).join(', ');
  if (typeof value === 'object' && 'display' in value) return String(value.display);
  return JSON.stringify(value);
}

/** A title inside a sentence: `Role binding` -> `role binding`, `API token` stays. */
export function lower(title: string): string {
  return title.split(' ').map((word) => (word.length > 1 && word === word.toUpperCase() ? word : word.toLowerCase())).join(' ');
}
