/** What was pasted or dropped, as rows to look at and as a body for the server. Pure. */
import { toCsv } from '~/lib/csv';

export type Kind = 'csv' | 'json' | 'ndjson' | 'yaml';

export interface Parsed {
  kind: Kind;
  /** Of YAML the server says what it understood: none before it was asked. */
  columns: string[];
  rows: Record<string, unknown>[];
  /** What is sent, and as what. */
  body: string;
  type: string;
}

/** Rows and bytes the server takes at once. */
export const MOST_ROWS = 10_000;
export const MOST_BYTES = 16 * 1024 * 1024;

const TYPES: Record<Kind, string> = { csv: 'text/csv', json: 'application/json', ndjson: 'application/x-ndjson', yaml: 'application/yaml' };

/** Cells of RFC 4180 text with any separator. Throws a text for people. */
export function parseCells(text: string, separator: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let at = 0;
  const clean = text.replace(/^\uFEFF/, '');
  while (at < clean.length) {
    let cell = '';
    if (clean[at] === '"') {
      const from = lines.length + 1;
      at += 1;
      for (;;) {
        const quote = clean.indexOf('"', at);
        if (quote < 0) throw new Error(`A quotation mark in row ${from} is never closed.`);
        cell += clean.slice(at, quote);
        at = quote + 1;
        if (clean[at] !== '"') break;
        cell += '"';
        at += 1;
      }
    }
    while (at < clean.length && clean[at] !== separator && clean[at] !== '\n') {
      cell += clean[at];
      at += 1;
    }
    const last = at >= clean.length || clean[at] === '\n';
    line.push(last ? cell.replace(/\r$/, '') : cell);
    if (last) {
      lines.push(line);
      line = [];
    } else if (at + 1 >= clean.length) {
      lines.push([...line, '']);
    }
    at += 1;
  }
  return lines.filter((each) => each.length > 1 || each[0]?.trim() !== '');
}

function separatorOf(text: string): string {
  const head = text.slice(0, Math.max(0, text.indexOf('\n')) || undefined);
  const count = (char: string) => head.split(char).length;
  return [',', '\t', ';'].reduce((best, char) => (count(char) > count(best) ? char : best));
}

function fromCsv(text: string): Parsed {
  const separator = separatorOf(text);
  const [head = [], ...lines] = parseCells(text, separator);
  const columns = head.map((name) => name.trim());
  const twice = columns.find((name, at) => columns.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`The column ${twice || '(without a name)'} is there twice.`);
  const uneven = lines.findIndex((line) => line.length !== columns.length);
  if (uneven >= 0) throw new Error(`Row ${uneven + 1} has ${lines[uneven]?.length} cells, the header has ${columns.length}.`);
  const rows = lines.map((line) => Object.fromEntries(columns.map((name, at) => [name, line[at] ?? ''])));
  // What comes out of a spreadsheet has tabs or semicolons; the server reads commas.
  return { kind: 'csv', columns, rows, body: separator === ',' ? text : toCsv(columns, lines), type: TYPES.csv };
}

function fromObjects(kind: Kind, values: unknown[], body: string): Parsed {
  const wrong = values.findIndex((value) => typeof value !== 'object' || value === null || Array.isArray(value));
  if (wrong >= 0) throw new Error(`Row ${wrong + 1} is no object.`);
  const rows = values as Record<string, unknown>[];
  return { kind, columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], rows, body, type: TYPES[kind] };
}

function json(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${where} is not JSON: ${cause instanceof Error ? cause.message : 'cannot be read'}`, { cause });
  }
}

/** Reads what was given; null for nothing. Throws a text for people. */
export function parseImport(text: string): Parsed | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (trimmed.length > MOST_BYTES) throw new Error('This is more than 16 MB. Import it in parts.');
  const parsed = read(trimmed);
  if (parsed.kind === 'yaml') return parsed;
  if (parsed.rows.length === 0) throw new Error('There is a header, but no row.');
  if (parsed.rows.length > MOST_ROWS) throw new Error(`At most ${MOST_ROWS} rows at once; these are ${parsed.rows.length}.`);
  return parsed;
}

function read(text: string): Parsed {
  if (text.startsWith('[')) return fromObjects('json', json(text, 'This') as unknown[], text);
  if (isYaml(text)) return fromYaml(text, []);
  if (!text.startsWith('{')) return fromCsv(text);
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  // One object over several lines, or one in each.
  if (lines.length === 1 || !isJson(lines[0] ?? '')) return fromObjects('json', [json(text, 'This')], text);
  return fromObjects('ndjson', lines.map((line, at) => json(line, `Line ${at + 1}`)), text);
}

/** Begins with a document mark, an item or a key of its own line, comments aside. */
function isYaml(text: string): boolean {
  const first = text.split(/\r?\n/).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  return /^(---|%YAML|-\s|-$|(\w[\w-]*|"[^"]*"|'[^']*'):(\s|$))/.test(first);
}

/** YAML with the rows that the server found in it. */
export function fromYaml(text: string, rows: Record<string, unknown>[]): Parsed {
  return { kind: 'yaml', columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], rows, body: text, type: TYPES.yaml };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
