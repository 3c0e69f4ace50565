import { Button, Switch, Textarea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { deniedReason, useMe } from '~/app/session';
import { queryClient } from '~/api/queries';
import { ErrorState } from '~/kit/States';
import { toast } from '~/kit/toast';
import { plural } from '~/lib/format';
import { importYaml, type YamlReport } from './queries';

/** Device types as the community shares them: looked at first, then all of them or none. */
export function YamlPage() {
  const me = useMe();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [update, setUpdate] = useState(false);
  const [report, setReport] = useState<YamlReport | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const denied = deniedReason(me, 'inventory/device-types:write');
  const ready = report !== null && report.errors.length === 0 && report.created + report.updated > 0;

  const change = (next: string) => {
    setText(next);
    setReport(null);
    setProblem(null);
  };
  const take = (files: FileList | null) => {
    const all = [...(files ?? [])];
    if (all.length === 0) return;
    // Each file may hold several documents; one after the other they are still documents.
    void Promise.all(all.map((file) => file.text())).then((texts) => change(texts.map((each) => each.replace(/^---\s*\n/, '').trimEnd()).join('\n---\n')));
  };
  const send = (preview: boolean) => {
    setBusy(true);
    setProblem(null);
    importYaml(text, { ...(preview ? { preview } : {}), ...(update ? { update } : {}) })
      .then((told) => {
        setReport(preview ? told : null);
        if (preview) return undefined;
        toast(`${plural(told.created, 'device type')} created, ${told.updated} updated`);
        setText('');
        return queryClient.invalidateQueries({ queryKey: ['list'] });
      })
      .catch((reason: unknown) => setProblem(reason))
      .finally(() => setBusy(false));
  };

  return (
    <div className="page">
      <nav className="crumb" aria-label="Where this is">
        <Link to={'/inventory/device-types' as never}>Device types</Link>
      </nav>
      <div className="page-head">
        <h1>Import device types</h1>
        <p>YAML documents, one a type, as the community shares them.</p>
      </div>
      <div className="row">
        <Button variant="default" onClick={() => input.current?.click()}>
          Choose files
        </Button>
        <Switch label="Update types that exist" checked={update} onChange={(event) => { setUpdate(event.currentTarget.checked); setReport(null); }} />
        <input ref={input} type="file" hidden multiple aria-label="Files with device types" accept=".yaml,.yml" onChange={(event) => { take(event.currentTarget.files); event.currentTarget.value = ''; }} />
      </div>
      <Textarea
        label="Paste here, or drop files"
        rows={16}
        resize="vertical"
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mono)', fontSize: 12 } }}
        placeholder={'manufacturer: Acme\nmodel: AC-48\nslug: acme-ac-48\nu_height: 1\ninterfaces:\n  - name: eth0\n    type: 1000base-t'}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => { event.preventDefault(); take(event.dataTransfer.files); }}
      />
      {problem !== null && <ErrorState error={problem} />}
      {report && <Report report={report} />}
      <div className="row">
        {ready ? (
          <Button loading={busy} disabled={denied !== undefined} title={denied} onClick={() => send(false)}>
            Import {plural(report.created + report.updated, 'type')}
          </Button>
        ) : (
          <Button loading={busy} disabled={denied !== undefined || text.trim() === ''} title={denied} onClick={() => send(true)}>
            Check
          </Button>
        )}
      </div>
    </div>
  );
}

function Report({ report }: { report: YamlReport }) {
  const wrong = new Map(report.errors.map((each) => [each.document, each.errors]));
  return (
    <>
      <p role="status">
        {report.errors.length > 0 ? `${plural(report.errors.length, 'document')} with errors. Nothing is written.` : report.created + report.updated === 0 ? 'All of them are there already: nothing would change.' : `All documents are right: ${report.created} new, ${report.updated} updated, ${report.skipped} there already. Nothing is written yet.`}
      </p>
      <div className="scroll-x">
        <table className="tabular" aria-label="Documents">
          <thead>
            <tr>
              {['Document', 'Type', 'What happens', 'Components', 'Told'].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.documents.map((each) => (
              <tr key={each.document}>
                <td>{each.document}</td>
                <td>{each.id ? <Link to={`/device-types/${each.id}` as never}>{[each.manufacturer, each.model].filter(Boolean).join(' ')}</Link> : [each.manufacturer, each.model].filter(Boolean).join(' ') || '-'}</td>
                <td>{each.result}</td>
                <td>{each.components}</td>
                <td>
                  {(wrong.get(each.document) ?? []).map((fault) => (
                    <div key={`${fault.pointer}${fault.message}`}>
                      <code>{fault.pointer}</code> {fault.message}
                    </div>
                  ))}
                  {each.notes.map((note) => (
                    <div key={note} className="muted">
                      {note}
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
