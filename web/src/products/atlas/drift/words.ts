import type { DriftItem } from '~/api/types';
import { humanise } from '~/lib/format';

/** `MTU differs`, `Cable missing`: what happened, in two words. */
export function whatDrifted(item: Pick<DriftItem, 'kind' | 'type' | 'attr'>): string {
  const kind = humanise(item.kind);
  if (item.type === 'different') {
    if (item.attr === 'swapped') return 'Cables exchanged';
    return item.attr === 'ends' ? 'Cable ends elsewhere' : `${kind} ${item.attr === 'mtu' || item.attr === 'mac' ? item.attr.toUpperCase() : item.attr}`;
  }
  return `${kind} ${item.type}`;
}
