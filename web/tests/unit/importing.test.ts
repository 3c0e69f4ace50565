import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromYaml, parseCells, parseImport } from '~/platform/records/importing';

describe('what is imported', () => {
  it('CSV: quotes, line ends, a mark at the beginning, empty lines', () => {
    expect(parseCells('\uFEFFname,note\r\n"a ""b"", c","two\nlines"\r\n\r\nx,\n', ',')).toEqual([['name', 'note'], ['a "b", c', 'two\nlines'], ['x', '']]);
    expect(parseCells('a,b,', ',')).toEqual([['a', 'b', '']]);
    expect(() => parseCells('a\n"b', ',')).toThrow('A quotation mark in row 2 is never closed.');
  });

  it('CSV: any cells come back as they were written', () => {
    const cell = fc.string({ maxLength: 8 });
    fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
      const text = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')).join('\n');
      expect(parseCells(text, ',')).toEqual(rows);
    }));
  });

  it('CSV is sent as it is; cells of a spreadsheet become CSV', () => {
    expect(parseImport(' name,slug\nA,a ')).toEqual({ kind: 'csv', columns: ['name', 'slug'], rows: [{ name: 'A', slug: 'a' }], body: 'name,slug\nA,a', type: 'text/csv' });
    expect(parseImport('name\tnote\nA\tb, c\n')).toMatchObject({ columns: ['name', 'note'], body: 'name,note\r\nA,"b, c"\r\n' });
    expect(parseImport('name;slug\nA;a')?.body).toBe('name,slug\r\nA,a\r\n');
  });

  it('JSON: an array, one object, an object in each line', () => {
    expect(parseImport('[{"name":"A"},{"slug":"b"}]')).toMatchObject({ kind: 'json', columns: ['name', 'slug'], type: 'application/json' });
    expect(parseImport('{\n"name": "A"\n}')).toMatchObject({ kind: 'json', rows: [{ name: 'A' }] });
    expect(parseImport('{"name":"A"}\n\n{"name":"B"}')).toMatchObject({ kind: 'ndjson', rows: [{ name: 'A' }, { name: 'B' }], type: 'application/x-ndjson' });
  });

  it.each([
    ['name,name\na,b', 'The column name is there twice.'], ['name,slug\na', 'Row 1 has 1 cells, the header has 2.'], ['name', 'There is a header, but no row.'], ['[1]', 'Row 1 is no object.'],
    ['{"a":1}\n{"b"', 'Line 2 is not JSON'], ['[{', 'This is not JSON'], [`n\n${'x\n'.repeat(10_001)}`, 'At most 10000 rows at once; these are 10001.'],
  ])('%j cannot be read', (text, message) => {
    expect(() => parseImport(text)).toThrow(message);
  });

  it.each(['name: A\nslug: a', '---\nname: A', '- name: A', '# sites\n\nname: A', '"name": A'])('%j is YAML, which the server reads', (text) => {
    expect(parseImport(text)).toEqual({ kind: 'yaml', columns: [], rows: [], body: text, type: 'application/yaml' });
  });

  it('YAML is shown as the server understood it', () => {
    expect(fromYaml('name: A', [{ name: 'A' }, { slug: 'b' }])).toMatchObject({ columns: ['name', 'slug'], rows: [{ name: 'A' }, { slug: 'b' }] });
  });

  it('nothing is nothing', () => {
    expect(parseImport('  \n')).toBeNull();
  });
});
