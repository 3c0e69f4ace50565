import type { DriftItem } from '~/api/types';
import { humanise } from '~/lib/format';

const MISPLACED: Record<string, string> = { device: 'Device at another site', address: 'Address on another interface', cable: 'Cable in another port' };

/** `MTU differs`, `Cable missing`: what happened, in two words. */
export function whatDrifted(item: Pick<DriftItem, 'kind' | 'type' | 'attr'>): string {
  const kind = humanise(item.kind);
  if (item.type === 'misplaced') return MISPLACED[item.kind] ?? `${kind} misplaced`;
  if (item.type === 'conflict') return `${item.kind === 'device' ? humanise(item.attr) : kind} of several devices`;
  if (item.type === 'different') {
    if (item.attr === 'swapped') return 'Cables exchanged';
    return item.attr === 'ends' ? 'Cable ends elsewhere' : `${kind} ${item.attr === 'mtu' || item.attr === 'mac' ? item.attr.toUpperCase() : item.attr}`;
  }
  return `${kind} ${item.type}`;
}

/** The state to show: a change whose time is over is overdue. */
export function stateOf(item: Pick<DriftItem, 'state' | 'change'>): string {
  return item.state === 'change_requested' && item.change?.overdue ? 'overdue' : item.state;
}

/** The address of a ticket, when it is one that may be opened. */
export function ticketAddress(reference: string | null | undefined): string | null {
  return reference && /^https?:\/\/\S+$/i.test(reference) ? reference : null;
}
