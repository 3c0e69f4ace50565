/** The discovery form's texts as addresses and prefixes. Pure; the server has the last word. */

export interface Parsed {
  items: string[];
  /** First entry that is neither, with its position, or null. */
  problem: string | null;
}

/** Entries of a field: separated by white space, commas or semicolons; repeated ones count once. */
export function entries(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((entry) => entry !== ''))];
}

export function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

export function isIpv6(text: string): boolean {
  const [address = '', zone, ...more] = text.split('%');
  if (more.length > 0 || zone === '') return false;
  const halves = address.split('::');
  if (halves.length > 2) return false;
  const groups = (half: string) => (half === '' ? [] : half.split(':'));
  const all = halves.flatMap(groups);
  const last = all.at(-1);
  const mapped = last?.includes('.') ?? false;
  if (mapped && !isIpv4(last ?? '')) return false;
  const hex = mapped ? all.slice(0, -1) : all;
  if (!hex.every((group) => /^[\da-f]{1,4}$/i.test(group))) return false;
  const width = hex.length + (mapped ? 2 : 0);
  return halves.length === 2 ? width < 8 : width === 8;
}

export function isPrefix(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  if (length === undefined || more.length > 0 || !/^\d{1,3}$/.test(length)) return false;
  return isIpv4(address) ? Number(length) <= 32 : isIpv6(address) && Number(length) <= 128;
}

export function parseSeeds(text: string): Parsed {
  const items = entries(text);
  if (items.length === 0) return { items, problem: 'Name at least one device to start from.' };
  const wrong = items.find((item) => !isIpv4(item) && !isIpv6(item));
  return { items, problem: wrong === undefined ? null : `"${wrong}" is not an IP address. Give addresses such as 10.1.99.1 or fd00:1::1.` };
}

export function parseAllow(text: string): Parsed {
  const items = entries(text);
  if (items.length === 0) return { items, problem: 'Name the prefixes discovery may enter; it never leaves them.' };
  const wrong = items.find((item) => !isPrefix(item));
  return { items, problem: wrong === undefined ? null : `"${wrong}" is not a prefix. Give a prefix with its length, such as 10.0.0.0/8.` };
}

/** A prefix to offer for a seed: the private block it lies in, or a small one around it. */
export function suggestAllow(seeds: readonly string[]): string {
  const blocks = seeds.flatMap((seed) => {
    if (isIpv4(seed)) {
      const [a = 0, b = 0, c = 0] = seed.split('.').map(Number);
      if (a === 10) return ['10.0.0.0/8'];
      if (a === 172 && b >= 16 && b < 32) return ['172.16.0.0/12'];
      if (a === 192 && b === 168) return ['192.168.0.0/16'];
      if (a === 127) return ['127.0.0.0/8'];
      return [`${a}.${b}.${c}.0/24`];
    }
    if (!isIpv6(seed)) return [];
    if (/^f[cd]/i.test(seed)) return ['fc00::/7'];
    if (/^fe[89ab]/i.test(seed)) return ['fe80::/10'];
    return [`${seed.replace(/%.*/, '')}/128`];
  });
  return [...new Set(blocks)].join('\n');
}
