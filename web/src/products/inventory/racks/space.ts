/** Where devices fit in a rack. Pure; everything in half units. */
import type { Elevation, Face, RackDevice } from '../api';

export interface Place {
  position: number;
  face: Face;
}

type Frame = Pick<Elevation, 'u_height' | 'starting_unit' | 'desc_units'>;

/** Height of what is above a device's upper edge, in units from the top of the rack. */
export function fromTop(rack: Frame, position: number, height: number): number {
  return rack.desc_units ? position - rack.starting_unit : rack.starting_unit + rack.u_height - position - height;
}

/** The lowest unit of a device whose upper edge is so many units from the top. */
export function positionAt(rack: Frame, top: number, height: number): number {
  return rack.desc_units ? rack.starting_unit + top : rack.starting_unit + rack.u_height - top - height;
}

/** Numbers of the units from the top. */
export function unitsFromTop(rack: Frame): number[] {
  return Array.from({ length: rack.u_height }, (_, at) => (rack.desc_units ? rack.starting_unit + at : rack.starting_unit + rack.u_height - 1 - at));
}

/** Units that lie beside each other as runs, in the order from the top: where each begins there and how many it has. */
export function runs(rack: Frame, units: readonly number[]): { at: number; count: number }[] {
  const places = unitsFromTop(rack).flatMap((unit, at) => (units.includes(unit) ? [at] : []));
  const found: { at: number; count: number }[] = [];
  for (const at of places) {
    const last = found.at(-1);
    if (last && last.at + last.count === at) last.count += 1;
    else found.push({ at, count: 1 });
  }
  return found;
}

/** What one sees, or whose back one sees, from a side. */
export function seenFrom(devices: readonly RackDevice[], face: Face): RackDevice[] {
  return devices.filter((device) => device.position !== null && device.height > 0 && (device.full_depth || device.face === face));
}

/** Why a device cannot be there, or null when it can. */
export function hindrance(rack: Frame & Pick<Elevation, 'devices'>, device: Pick<RackDevice, 'id' | 'height' | 'full_depth'>, place: Place): string | null {
  if (device.height === 0) return 'A device without height stands in no unit';
  if (place.position < rack.starting_unit || place.position + device.height > rack.starting_unit + rack.u_height) return 'There is no unit';
  const other = rack.devices.find((each) => {
    if (each.id === device.id || each.position === null || each.height === 0) return false;
    const faces = each.full_depth || device.full_depth || each.face === place.face;
    return faces && each.position < place.position + device.height && place.position < each.position + each.height;
  });
  return other ? `${other.name ?? 'Another device'} is there` : null;
}

/** Every whole unit at which the device fits, from the top. */
export function freePlaces(rack: Frame & Pick<Elevation, 'devices'>, device: Pick<RackDevice, 'id' | 'height' | 'full_depth'>, face: Face): number[] {
  return unitsFromTop(rack).filter((position) => hindrance(rack, device, { position, face }) === null);
}

/** The next place up or down at which it fits; null when there is none. */
export function nudge(rack: Frame & Pick<Elevation, 'devices'>, device: RackDevice, up: boolean): number | null {
  if (device.position === null || device.face === null) return null;
  const rising = up !== rack.desc_units;
  for (let position = device.position + (rising ? 1 : -1); position >= rack.starting_unit && position < rack.starting_unit + rack.u_height; position += rising ? 1 : -1) {
    if (hindrance(rack, device, { position, face: device.face }) === null) return position;
  }
  return null;
}

/** Black or white, whichever is read better on a colour of six hexadecimal digits (WCAG relative luminance). */
export function inkOn(color: string): 'black' | 'white' {
  const part = (at: number) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4) > 0.179 ? 'black' : 'white';
}

/** A device as it would be at a place, and elevations with it moved from one rack to another. */
export function withMoved(racks: ReadonlyMap<string, Elevation>, device: RackDevice, rack: string | null, place: Place | null): Map<string, Elevation> {
  const moved: RackDevice = { ...device, position: place?.position ?? null, face: place?.face ?? null };
  return new Map(
    [...racks].map(([id, elevation]) => {
      const others = elevation.devices.filter((each) => each.id !== device.id);
      return [id, { ...elevation, devices: id === rack ? [...others, moved] : others }];
    }),
  );
}
