import { Button } from '@mantine/core';
import { useCallback } from 'react';
import { ApiError, messageOf } from '~/api/client';
import { queryClient } from '~/api/queries';
import { toast } from '~/kit/toast';
import { elevationQuery, moveDevice, type Elevation, type RackDevice } from '../api';
import { withMoved, type Place } from './space';

/** A place in a rack, a rack without a place, or no rack. */
export interface Target {
  rack: Elevation | null;
  place: Place | null;
}

function words(target: Target): string {
  if (target.rack === null) return 'out of its rack';
  return target.place === null ? `into ${target.rack.name}, at no unit` : `to ${target.rack.name} U${target.place.position}, ${target.place.face}`;
}

function bodyOf(to: Target): Record<string, unknown> {
  const place = { rack: to.rack?.id ?? null, position: to.place?.position ?? null, face: to.place?.face ?? null };
  return to.rack ? { ...place, location: to.rack.location?.id ?? null } : place;
}

function refresh(): void {
  for (const key of [['elevation'], ['list', '/api/v1/inventory/devices'], ['record', '/api/v1/inventory/devices']]) void queryClient.invalidateQueries({ queryKey: key });
}

/** Puts back what was moved, unless somebody changed it since. */
function undo(device: RackDevice, version: number | null, from: Target): void {
  moveDevice({ ...device, version }, bodyOf(from))
    .then(
      () => toast(`${device.name ?? 'Device'} is back`),
      (error: unknown) => toast(messageOf(error), 'critical'),
    )
    .finally(refresh);
}

/**
 * Moves devices: shown at once, then written with the version that was seen. What the server refuses
 * goes back to where it was; what went well can be taken back.
 */
export function useMoves(racks: readonly Elevation[]): (device: RackDevice, from: Target, to: Target) => void {
  return useCallback(
    (device, from, to) => {
      const before = new Map(racks.map((rack) => [rack.id, rack]));
      const show = (elevations: ReadonlyMap<string, Elevation>) => {
        for (const [id, elevation] of elevations) queryClient.setQueryData(elevationQuery(id).queryKey, elevation);
      };
      show(withMoved(before, device, to.rack?.id ?? null, to.place));
      moveDevice(device, bodyOf(to))
        .then(
          (row) => {
            toast(
              <span className="row">
                {device.name ?? 'Device'} moved {words(to)}
                <Button variant="subtle" size="compact-xs" onClick={() => undo(device, row.version ?? null, from)}>
                  Undo
                </Button>
              </span>,
            );
          },
          (error: unknown) => {
            show(before);
            const stale = error instanceof ApiError && error.status === 412;
            toast(stale ? `${device.name ?? 'The device'} was changed by somebody else meanwhile; it is shown as it is now.` : messageOf(error), 'critical');
          },
        )
        .finally(refresh);
    },
    [racks],
  );
}
