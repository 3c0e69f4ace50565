import { Button, FileButton, Select, Textarea } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState, type DragEvent, type FormEvent, type KeyboardEvent } from 'react';
import { ApiError, post } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { Field, Model } from '~/api/types';
import { modelPath } from '~/app/navigation';
import { deniedReason, useMe } from '~/app/session';
import { DataTable, type Column } from '~/kit/DataTable';
import { IconDownload } from '~/kit/icons';
import { ErrorState } from '~/kit/States';
import { StatusBadge } from '~/kit/Status';
import { toast } from '~/kit/toast';
import { toCsv } from '~/lib/csv';
import { saveFile } from '~/lib/download';
import { lower, plain, plural } from '~/lib/format';
import { placeErrors } from './fields';
import { fromYaml, parseImport, type Parsed } from './importing';
import css from './records.module.css';

interface Report {
  created: number;
  updated: number;
  errors: { row: number; errors: { pointer?: string; message: string }[] }[];
  /** What was understood of YAML, when it was only looked at. */
  rows?: Record<string, unknown>[];
}

interface Line {
  number: number;
  cells: Record<string, unknown>;
  /** Of the server: by column, and of the row as a whole. */
  fields: Record<string, string>;
  rest: string[];
}

/** Rows of a file become records: first a look at what the server says to each, then all of them or none. */
export function ImportPage({ model }: { model: Model }) {
  const me = useMe();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const [match, setMatch] = useState('');
  const [report, setReport] = useState<Report | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const denied = deniedReason(me, `${model.permission}:write`);
  const [given, fault] = useMemo((): [Parsed | null, string | null] => {
    try {
      return [parseImport(text), null];
    } catch (cause) {
      return [null, cause instanceof Error ? cause.message : String(cause)];
    }
  }, [text]);
  const parsed = useMemo(() => (given?.kind === 'yaml' && report?.rows ? fromYaml(given.body, report.rows) : given), [given, report]);
  const good = report !== null && report.errors.length === 0;

  const give = (next: string, from: string) => {
    setText(next);
    setName(from);
    setReport(null);
    setProblem(null);
  };
  const take = (file: File | null | undefined) => {
    if (file) void file.text().then((content) => give(content, file.name));
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };

  const send = (dry: boolean) => {
    if (!parsed) return;
    setBusy(true);
    setProblem(null);
    post<Report>(`${model.path}/actions/import`, parsed.body, { type: parsed.type, query: { ...(dry ? { dry_run: true } : {}), match: match || undefined } })
      .then((answer) => {
        if (dry) return setReport(answer);
        void queryClient.invalidateQueries({ queryKey: ['list'] });
        void queryClient.invalidateQueries({ queryKey: ['record', model.path] });
        toast(`Imported: ${told(answer)}`);
        void navigate({ to: modelPath(model) as never });
      })
      .catch((reason: unknown) => {
        // Between the look and the write somebody else was there: the same report, by row.
        const refused = reason instanceof ApiError && reason.status === 422 ? (reason.problem as unknown as Partial<Report>) : null;
        if (refused && Array.isArray(refused.errors) && refused.errors.some((each) => typeof each.row === 'number')) setReport({ created: 0, updated: 0, errors: refused.errors });
        else {
          setReport(null);
          setProblem(reason);
        }
      })
      .finally(() => setBusy(false));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(!good);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !busy && parsed && denied === undefined) {
      event.preventDefault();
      send(!good);
    }
  };

  const rows = !parsed ? '' : parsed.kind === 'yaml' && !report?.rows ? 'documents' : plural(parsed.rows.length, 'row', 'rows');
  const unique = model.fields.filter((field) => field.unique && field.type !== 'reference' && field.type !== 'boolean' && !field.custom);
  return (
    <div className="page page-full">
      <nav className="crumb" aria-label="Where this is">
        {model.nav_group && <>{model.nav_group} / </>}
        <Link to={modelPath(model) as never}>{model.title_plural}</Link>
      </nav>
      <div className="page-head">
        <h1>Import {lower(model.title_plural)}</h1>
        <p>CSV, JSON, YAML or cells of a spreadsheet. First you see what the server says to each row; then all are written, or none.</p>
      </div>
      <form className="stack" onSubmit={submit}>
        <Textarea
          label="Paste here, or drop a file"
          description={name ? `From ${name}` : 'The first line of CSV names the columns'}
          placeholder={`${example(model).join(',')}\n`}
          className={css.paste}
          data-over={over ? '' : undefined}
          rows={parsed ? 5 : 10}
          resize="vertical"
          spellCheck={false}
          autoComplete="off"
          value={text}
          error={fault}
          disabled={denied !== undefined}
          onChange={(event) => give(event.currentTarget.value, '')}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
          onKeyDown={onKey}
        />
        <div className="row">
          <Button type="submit" loading={busy} disabled={!parsed || denied !== undefined} title={denied}>
            {good && report ? `Import ${rows}` : parsed ? `Check ${rows}${report ? ' again' : ''}` : 'Check'}
          </Button>
          <FileButton onChange={take} accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl,.yaml,.yml,text/csv,application/json,application/yaml">
            {(props) => (
              <Button variant="default" {...props} disabled={denied !== undefined}>
                Choose a file
              </Button>
            )}
          </FileButton>
          {unique.length > 0 && <Select aria-label="Existing records are found by" data={[{ value: '', label: 'Existing ones by id' }, ...unique.map((field) => ({ value: field.name, label: `Existing ones by ${lower(field.label)}` }))]} value={match} allowDeselect={false} onChange={(next) => { setMatch(next ?? ''); setReport(null); }} />}
          <Button variant="subtle" leftSection={<IconDownload size={15} />} onClick={() => saveFile(`${model.collection}.csv`, 'text/csv', toCsv(writable(model).map((field) => field.name), []))}>
            Template
          </Button>
          <span className="grow" />
          {parsed && <span className="muted">{[parsed.kind === 'ndjson' ? 'JSON lines' : parsed.kind.toUpperCase(), rows, parsed.columns.length > 0 ? plural(parsed.columns.length, 'column', 'columns') : ''].filter(Boolean).join(', ')}</span>}
        </div>
      </form>
      {problem !== null && <ErrorState error={problem} />}
      <p role="status" className={css.verdict}>
        {good && report && <StatusBadge tone="ok">All rows are right: {told(report)}. Nothing is written yet.</StatusBadge>}
        {report && !good && <StatusBadge tone="critical">{plural(report.errors.length, 'row has', 'rows have')} errors. Nothing is written.</StatusBadge>}
      </p>
      {parsed && parsed.rows.length > 0 ? <Rows model={model} parsed={parsed} report={report} /> : <Columns model={model} />}
    </div>
  );
}

function told({ created, updated }: Report): string {
  return [created > 0 || updated === 0 ? `${created} new` : '', updated > 0 ? `${updated} changed` : ''].filter(Boolean).join(', ');
}

function writable(model: Model): Field[] {
  return model.fields.filter((field) => !field.read_only && !field.custom);
}

/** A header line with what is needed at least. */
function example(model: Model): string[] {
  const needed = writable(model).filter((field) => field.required || field.name === model.display);
  return (needed.length > 0 ? needed : writable(model).slice(0, 3)).map((field) => field.name);
}

function Rows({ model, parsed, report }: { model: Model; parsed: Parsed; report: Report | null }) {
  const lines = useMemo<Line[]>(() => {
    const found = new Map(report?.errors.map((each) => [each.row, each.errors]));
    const all = parsed.rows.map((cells, at) => {
      const errors = found.get(at + 1) ?? [];
      // A column that is no field of the model is an error of its own cell.
      const own = errors.filter((error) => parsed.columns.includes(error.pointer?.slice(1) ?? ''));
      const placed = placeErrors(model, errors.filter((error) => !own.includes(error)));
      const names = Object.entries(placed.fields).map(([name, message]) => `${model.fields.find((field) => field.name === name)?.label ?? name}: ${message}`);
      return { number: at + 1, cells, fields: Object.fromEntries(own.map((error) => [error.pointer?.slice(1) ?? '', error.message])), rest: [...names, ...placed.rest] };
    });
    // What needs a hand comes first.
    return found.size === 0 ? all : [...all.filter((line) => found.has(line.number)), ...all.filter((line) => !found.has(line.number))];
  }, [model, parsed, report]);
  const columns = useMemo<Column<Line>[]>(() => {
    const result: Column<Line> = {
      key: '$result',
      label: 'Server',
      render: ({ fields, rest }) => {
        const all = [...Object.entries(fields).map(([column, message]) => `${column}: ${message}`), ...rest];
        if (!report) return <span className="muted">not asked yet</span>;
        return all.length === 0 ? <StatusBadge tone="ok">OK</StatusBadge> : <span className={css.wrong}>{all.map((message) => <StatusBadge key={message} tone="critical">{message}</StatusBadge>)}</span>;
      },
    };
    const own = parsed.columns.map((column): Column<Line> => ({
      key: column,
      label: model.fields.find((field) => field.name === column)?.label ?? column,
      render: ({ cells, fields }) => {
        const value = cells[column];
        const shown = plain(value === undefined ? '' : value);
        return fields[column] ? <mark className={css.mark} title={fields[column]}>{shown}</mark> : shown;
      },
    }));
    return [{ key: '$row', label: 'Row', align: 'right', width: 60, render: (line) => line.number }, result, ...own];
  }, [model, parsed, report]);
  return <DataTable fill label="Rows" columns={columns} rows={lines} rowKey={(line) => String(line.number)} />;
}

/** What a file may hold, while there is none. */
function Columns({ model }: { model: Model }) {
  return (
    <section className="panel">
      <header><h2>Columns</h2></header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must take focus (WCAG 2.1.1) */}
      <div className={`panel-body ${css.fields}`} role="region" aria-label="Columns" tabIndex={0}>
        <table className="tabular">
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">What it is</th>
              <th scope="col">Holds</th>
            </tr>
          </thead>
          <tbody>
            {writable(model).map((field) => (
              <tr key={field.name}>
                <th scope="row"><code>{field.name}</code></th>
                <td>{field.label}{field.required && ', needed'}</td>
                <td>{holds(field)}{field.help ? `. ${field.help}` : ''}</td>
              </tr>
            ))}
            <tr>
              <th scope="row"><code>id</code></th>
              <td>Record</td>
              <td>Of one that is to be changed; empty for a new one</td>
            </tr>
          </tbody>
        </table>
      </div>
    </section>
  );
}

function holds(field: Field): string {
  switch (field.type) {
    case 'choice': return `One of ${(field.choices ?? []).map((choice) => choice.value).join(', ')}`;
    case 'multi_choice': return `Any of ${(field.choices ?? []).map((choice) => choice.value).join(', ')}, with commas`;
    case 'reference': return `${field.reference?.title ?? 'Record'}: its ${field.reference?.display ?? 'name'} or id`;
    case 'multi_reference': return `${field.reference?.title ?? 'Records'}: ${field.reference?.display ?? 'name'} or id of each, with commas`;
    case 'generic_reference': return `kind:id, a kind is ${(field.references ?? []).map((target) => target.model).join(' or ')}`;
    case 'boolean': return 'true or false';
    case 'custom': return 'JSON by name: {"tier": "gold"}';
    case 'json': return 'JSON';
    case 'integer': return 'A whole number';
    case 'decimal': return 'A number';
    case 'date': return '2026-11-30';
    case 'datetime': return '2026-11-30T12:00:00Z';
    case 'list_text': case 'list_prefix': case 'list_integer': case 'tags': return 'Several, with commas';
    case 'prefix': return '10.20.0.0/16';
    case 'interface': return '10.20.0.1/24';
    default: return field.max_length ? `Text of at most ${field.max_length} characters` : 'Text';
  }
}
