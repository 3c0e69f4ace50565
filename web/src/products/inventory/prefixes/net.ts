/** Little arithmetic of prefixes. Pure. */

export function lengthOf(prefix: string): number {
  return Number(prefix.slice(prefix.indexOf('/') + 1));
}

export function isIpv6(prefix: string): boolean {
  return prefix.includes(':');
}

/** The first network of this length in the free ones: what the server would give. */
export function nextOf(free: readonly string[], length: number): string | null {
  const block = free.find((each) => lengthOf(each) <= length);
  return block === undefined ? null : `${block.slice(0, block.indexOf('/'))}/${length}`;
}

/** Lengths one may take out of free networks below a parent, the usual ones of a family at most. */
export function lengthsWithin(parent: string, free: readonly string[]): number[] {
  const most = isIpv6(parent) ? 128 : 32;
  const widest = Math.min(...free.map(lengthOf), most + 1);
  return Array.from({ length: most - widest + 1 }, (_, at) => widest + at);
}

/** A length one would expect: /24 in wider ones, /64 in IPv6, else half of the parent. */
export function usualLength(parent: string, lengths: readonly number[]): number | null {
  const length = lengthOf(parent);
  const wanted = isIpv6(parent) ? (length < 48 ? 48 : length < 64 ? 64 : length + 1) : length < 24 ? 24 : length + 1;
  return lengths.find((each) => each >= wanted) ?? lengths.at(-1) ?? null;
}

/** How many addresses or networks it holds, in words. */
export function sizeOf(prefix: string): string {
  const bits = (isIpv6(prefix) ? 128 : 32) - lengthOf(prefix);
  if (isIpv6(prefix)) return bits >= 64 ? `${bits === 64 ? '1' : `2^${bits - 64}`} × /64` : `2^${bits}`;
  return (2 ** bits).toLocaleString('en-GB').replaceAll(',', '\u202f');
}
