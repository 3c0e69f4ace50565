import type { Field } from '~/api/types';
import { StatusBadge, type Tone } from '~/kit/Status';
import { RelTime } from '~/kit/Text';
import { plain } from '~/lib/format';

const TONES: Record<string, Tone> = { ok: 'ok', success: 'ok', green: 'ok', info: 'info', blue: 'info', warning: 'warning', orange: 'warning', critical: 'critical', danger: 'critical', red: 'critical', unknown: 'unknown', gray: 'unknown', muted: 'unknown', maintenance: 'maintenance' };

/** What a link may lead to; the server keeps nothing else. */
const LINKS = /^(https?|ftps?|sftp|ssh|telnet|mailto|tel|irc|xmpp|vnc):/i;

/** One field of a record, read. */
export function Value({ field, value }: { field: Field; value: unknown }) {
  if (field.type === 'secret') return <Secret value={value} />;
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return <span className="muted">-</span>;
  switch (field.type) {
    case 'boolean':
      return value === true ? <StatusBadge tone="ok">Yes</StatusBadge> : <span className="muted">No</span>;
    case 'datetime':
      return <RelTime at={String(value)} />;
    case 'choice': {
      const choice = field.choices?.find((each) => each.value === String(value));
      const tone = TONES[choice?.tone ?? ''];
      return tone ? <StatusBadge tone={tone}>{choice?.label}</StatusBadge> : <>{choice?.label ?? plain(value)}</>;
    }
    case 'tags':
    case 'multi_choice':
    case 'multi_reference':
      return (
        <span className="row" style={{ gap: 4, flexWrap: 'nowrap' }}>
          {(value as unknown[]).map((each) => (
            <span key={plain(each)} className="tag">
              {field.choices?.find((choice) => choice.value === each)?.label ?? plain(each)}
            </span>
          ))}
        </span>
      );
    case 'ip':
    case 'interface':
    case 'prefix':
    case 'mac':
    case 'uuid':
    case 'list_prefix':
      return <code>{plain(value)}</code>;
    case 'text':
      if (field.format === 'url' && LINKS.test(String(value))) return <a href={String(value)} target="_blank" rel="noreferrer noopener">{plain(value)}</a>;
      return <>{plain(value)}</>;
    case 'json':
      return <Json value={value} />;
    case 'list_integer':
      return <>{(value as unknown[]).join(', ')}</>;
    case 'generic_reference':
      return <>{plain(value)}</>;
    case 'count':
    case 'integer':
    case 'decimal':
      return <>{`${plain(value)}${field.unit ? ` ${field.unit}` : ''}`}</>;
    default:
      return <>{plain(value)}</>;
  }
}

function Secret({ value }: { value: unknown }) {
  const secret = typeof value === 'object' && value !== null ? (value as { has_value?: boolean; fingerprint?: string | null; set_at?: string | null }) : null;
  if (!secret?.has_value) return <span className="muted">not set</span>;
  return (
    <span>
      set{secret.fingerprint && <> (<code>{secret.fingerprint}</code>)</>}
      {secret.set_at && <>, <RelTime at={secret.set_at} /></>}
    </span>
  );
}

function Json({ value }: { value: unknown }) {
  if (typeof value === 'object' && value !== null && 'done' in value) {
    const { done, total, message } = value as { done: unknown; total?: unknown; message?: unknown };
    return <>{`${plain(done)}${total === null || total === undefined ? '' : ` of ${plain(total)}`}${message ? `, ${plain(message)}` : ''}`}</>;
  }
  return <code>{JSON.stringify(value)}</code>;
}
