import { Button, Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { DriftBadge } from './DriftBadge';
import { driftItemQuery } from './queries';
import type { DriftChange, DriftDetail, DriftEvidence } from '~/api/types';
import { IconCheck, IconClipboardList, IconEyeOff, IconRefresh } from '~/kit/icons';
import { ErrorState, Skeleton } from '~/kit/States';
import { KeyValue, RelTime } from '~/kit/Text';
import { humanise, localTime } from '~/lib/format';
import { decide, undo } from './decide';
import css from './drift.module.css';
import { stateOf, ticketAddress, whatDrifted } from './words';

/** One difference: both sides with who says so, what accepting writes, and the decisions. */
export function DriftDrawer({ id, mayDecide, onIgnore, onChange, onClose }: { id: string; mayDecide: boolean; onIgnore: () => void; onChange: () => void; onClose: () => void }) {
  const detail = useQuery({ ...driftItemQuery(id), enabled: id !== '' });
  const item = detail.data?.item;
  return (
    <Drawer opened={id !== ''} onClose={onClose} title={item ? whatDrifted(item) : 'Difference'} size={640} closeButtonProps={{ 'aria-label': 'Close' }}>
      {detail.isError ? <ErrorState error={detail.error} onRetry={() => void detail.refetch()} /> : detail.data ? <Body detail={detail.data} mayDecide={mayDecide} onIgnore={onIgnore} onChange={onChange} onClose={onClose} /> : <Skeleton lines={8} />}
    </Drawer>
  );
}

function Body({ detail, mayDecide, onIgnore, onChange, onClose }: { detail: DriftDetail; mayDecide: boolean; onIgnore: () => void; onChange: () => void; onClose: () => void }) {
  const { item, rule, repairs } = detail;
  const [busy, setBusy] = useState(false);
  const open = item.state === 'open' || item.state === 'pending' || item.state === 'ignored' || item.state === 'change_requested';
  const act = (decision: 'accept' | 'reopen') => {
    setBusy(true);
    void decide(decision, [item.id]).finally(() => {
      setBusy(false);
      if (decision === 'accept') onClose();
    });
  };
  const takeBack = () => {
    setBusy(true);
    void undo(item.id).finally(() => setBusy(false));
  };
  return (
    <div className="stack">
      <strong className={css.title}>{item.title}</strong>
      <div className={css.sides}>
        <SideBox title="Intended" value={item.intended} nothing="Nothing: nobody intends it" evidence={item.evidence.filter((each) => each.side === 'intended')} />
        <SideBox title="Observed" value={item.observed} nothing="Nothing: it is not there" evidence={item.evidence.filter((each) => each.side === 'observed')} />
      </div>
      <KeyValue
        items={[
          ['State', <DriftBadge key="s" word={stateOf(item)} />],
          ['Severity', <DriftBadge key="v" word={item.severity} />],
          ['Device', item.entity ? <Link key="d" to="/devices/$id" params={{ id: item.entity }}>{item.device_name}</Link> : item.device_name],
          ['First seen', <RelTime key="f" at={item.first_seen} />],
          ['Last seen', <RelTime key="l" at={item.last_seen} />],
          ...(item.flapping ? ([['Comes and goes', `${item.episodes} times so far`]] as [string, string][]) : []),
          ...(item.reason ? ([[REASONS[item.state] ?? 'Because', item.reason]] as [string, string][]) : []),
          ...(item.change ? changeFacts(item.change) : []),
          ...(item.until ? ([['Ignored until', localTime(item.until)]] as [string, string][]) : []),
          ...(rule ? ([['Counts as equal', rule.equality]] as [string, string][]) : []),
        ]}
      />
      {repairs.length > 0 ? (
        <section aria-label="What accepting writes">
          <h3 className={css.head}>Accepting writes to the inventory</h3>
          <ul className={css.repairs}>
            {repairs.map((repair, at) => (
              // oxlint-disable-next-line react/no-array-index-key -- repairs have no name of their own and never move
              <li key={at}>{repairText(repair)}</li>
            ))}
          </ul>
        </section>
      ) : (
        item.obstacle && <p className="muted">{item.obstacle}</p>
      )}
      {mayDecide && (
        <div className="row">
          {open && (
            <Button leftSection={<IconCheck size={15} />} disabled={!item.acceptable} loading={busy} onClick={() => act('accept')}>
              Accept what is observed
            </Button>
          )}
          {open && (
            <Button variant="default" leftSection={<IconClipboardList size={15} />} onClick={onChange}>
              {item.state === 'change_requested' ? 'Order another change' : 'Order a change'}
            </Button>
          )}
          {open && item.state !== 'ignored' && (
            <Button variant="default" leftSection={<IconEyeOff size={15} />} onClick={onIgnore}>
              Ignore
            </Button>
          )}
          {item.accepted && (
            <Button variant="default" loading={busy} onClick={takeBack}>
              Undo what was accepted
            </Button>
          )}
          {(item.state === 'ignored' || item.state === 'accepted' || item.state === 'change_requested') && (
            <Button variant="default" leftSection={<IconRefresh size={15} />} loading={busy} onClick={() => act('reopen')}>
              Reopen
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

const REASONS: Record<string, string> = { ignored: 'Ignored because', change_requested: 'To be done', accepted: 'Accepted by', resolved: 'Decided because' };

/** Who changes the network, until when, under which ticket. */
function changeFacts(change: DriftChange): [string, ReactNode][] {
  const address = ticketAddress(change.reference);
  return [
    ...(change.assignee ? ([['Assignee', change.assignee]] as [string, ReactNode][]) : []),
    ...(change.due ? ([['Due', localTime(change.due)]] as [string, ReactNode][]) : []),
    ...(change.reference
      ? ([
          [
            'Ticket',
            address ? (
              <a key="t" href={address} target="_blank" rel="noopener noreferrer">
                {address}
              </a>
            ) : (
              change.reference
            ),
          ],
        ] as [string, ReactNode][])
      : []),
  ];
}

function SideBox({ title, value, nothing, evidence }: { title: string; value: string | null; nothing: string; evidence: DriftEvidence[] }) {
  return (
    <section className={css.side} aria-label={title}>
      <h3 className={css.head}>{title}</h3>
      <p className={css.value}>{value ?? <span className="muted">{nothing}</span>}</p>
      <ul className={css.evidence}>
        {evidence.map((each) => (
          <li key={`${each.source} ${each.method} ${each.detail}`}>
            <span>{each.detail}</span>
            <span className="muted">
              {each.source.startsWith('intended:') ? 'inventory' : <code>{each.source}</code>} {each.method.replaceAll(/[._]/g, ' ')}, <RelTime at={each.seen_at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

type Repair = Readonly<Record<string, unknown>>;

const ends = (repair: Repair) => (repair.ends as { interface: string }[]).map((end) => end.interface).join(' and ');

const REPAIRS: Record<string, (repair: Repair) => string> = {
  adopt_device: () => 'Create the device with its interfaces, MAC addresses and addresses',
  retire_device: () => 'Set the status of the device to offline',
  set_device: (repair) => `Set the ${String(repair.fact)} of the device to ${String(repair.value)}`,
  add_interface: (repair) => `Create the interface ${(repair.interface as { name: string }).name} with its addresses`,
  set_interface: (repair) => {
    const { fact, value } = repair.fact as { fact: string; value: unknown };
    return `Set ${fact} of the interface to ${value === null ? 'nothing' : String(value)}`;
  },
  remove_interface: () => 'Delete the interface; its addresses stay, unassigned',
  add_address: (repair) => `Put ${(repair.address as { net: string }).net} on the interface`,
  move_address: (repair) => `Move the address: ${String(repair.net)}`,
  release_address: () => 'Take the address off the interface; its record stays as deprecated',
  add_cable: (repair) => `Create a cable between ${ends(repair)}`,
  move_cable: (repair) => `Move the cable to ${ends(repair)}; label and colour stay`,
  remove_cable: () => 'Delete the cable',
};

export function repairText(repair: Repair): string {
  const name = String(repair.repair);
  return REPAIRS[name]?.(repair) ?? humanise(name);
}
