/** Many names by one pattern, and back: `eth[0-47]`, `ge-0/0/[0,2,4-6]`, `[a-c][1-2]`. Pure. */

/** Most names of one pattern. */
export const MOST = 1000;

const DIGITS = /^\d+$/;
const LETTER = /^[A-Za-z]$/;

function range(from: string, to: string): string[] {
  if (DIGITS.test(from) && DIGITS.test(to)) {
    const [first, last] = [Number(from), Number(to)];
    if (last < first) throw new Error(`[${from}-${to}] counts down: give the smaller number first.`);
    if (last - first >= MOST) throw new Error(`At most ${MOST} at once.`);
    // 00-15 keeps its zeros.
    const width = from.length > 1 && from.startsWith('0') ? from.length : 0;
    return Array.from({ length: last - first + 1 }, (_, at) => String(first + at).padStart(width, '0'));
  }
  if (LETTER.test(from) && LETTER.test(to) && (from.toLowerCase() === from) === (to.toLowerCase() === to)) {
    const [first, last] = [from.charCodeAt(0), to.charCodeAt(0)];
    if (last < first) throw new Error(`[${from}-${to}] goes backwards.`);
    return Array.from({ length: last - first + 1 }, (_, at) => String.fromCharCode(first + at));
  }
  throw new Error(`[${from}-${to}] is no range: give numbers or letters, as in [0-47] or [a-d].`);
}

/** What stands in one pair of brackets. */
function choices(inside: string): string[] {
  if (inside === '') throw new Error('[] is empty: give a range, as in [0-47].');
  return inside.split(',').flatMap((part) => {
    const [from = '', to, ...more] = part.trim().split('-');
    if (more.length > 0 || from === '' || to === '') throw new Error(`[${inside}] cannot be read: give ranges and single ones with commas, as in [0,2,4-6].`);
    return to === undefined ? [from] : range(from, to);
  });
}

/** The names of a pattern in its order. Throws a text for people. */
export function expand(pattern: string): string[] {
  let names = [''];
  let rest = pattern;
  while (rest !== '') {
    const open = rest.indexOf('[');
    const close = rest.indexOf(']');
    if (open < 0 && close < 0) return names.map((name) => name + rest);
    if (open < 0 || close < open) throw new Error('A bracket is not closed, or not opened.');
    const before = rest.slice(0, open);
    const parts = choices(rest.slice(open + 1, close));
    if (names.length * parts.length > MOST) throw new Error(`At most ${MOST} at once.`);
    names = names.flatMap((name) => parts.map((part) => name + before + part));
    rest = rest.slice(close + 1);
  }
  return names;
}

const natural = new Intl.Collator('en', { numeric: true });

/** As a person counts: eth2 before eth10. */
export function byName(a: string, b: string): number {
  return natural.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Names as few ranges, in the order a person counts: the shortest way to say them. */
export function collapse(names: readonly string[]): string[] {
  const told: string[] = [];
  let run: { head: string; tail: string; from: number; to: number } | null = null;
  const say = () => {
    if (run) told.push(run.from === run.to ? `${run.head}${run.from}${run.tail}` : `${run.head}[${run.from}-${run.to}]${run.tail}`);
    run = null;
  };
  for (const name of [...names].sort(byName)) {
    const [, head = '', digits = '', tail = ''] = /^(.*?)(\d+)(\D*)$/.exec(name) ?? [];
    // A number with zeros in front is told as it is.
    if (digits === '' || String(Number(digits)) !== digits) {
      say();
      told.push(name);
      continue;
    }
    const number = Number(digits);
    const open = run as { head: string; tail: string; from: number; to: number } | null;
    if (open && open.head === head && open.tail === tail && number === open.to + 1) open.to = number;
    else {
      say();
      run = { head, tail, from: number, to: number };
    }
  }
  say();
  return told;
}

/** New names for some: a text in place of another, then `{n}` counted on in the order of the rows. */
export function renamed(names: readonly string[], find: string, replace: string, from: number): string[] {
  return names.map((name, at) => (find === '' ? replace || name : name.replaceAll(find, replace)).replaceAll('{n}', String(from + at)));
}
