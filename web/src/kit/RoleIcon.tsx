import IconAccessPoint from '@tabler/icons-react/dist/esm/icons/IconAccessPoint.mjs';
import IconPhone from '@tabler/icons-react/dist/esm/icons/IconPhone.mjs';
import IconQuestionMark from '@tabler/icons-react/dist/esm/icons/IconQuestionMark.mjs';
import IconRouter from '@tabler/icons-react/dist/esm/icons/IconRouter.mjs';
import IconServer2 from '@tabler/icons-react/dist/esm/icons/IconServer2.mjs';
import IconShare from '@tabler/icons-react/dist/esm/icons/IconShare.mjs';
import IconSwitch3 from '@tabler/icons-react/dist/esm/icons/IconSwitch3.mjs';
import IconWall from '@tabler/icons-react/dist/esm/icons/IconWall.mjs';
import type { IconType } from './icons';

const ROLES: Record<string, [IconType, string]> = {
  router: [IconRouter, 'Router'],
  l3switch: [IconSwitch3, 'L3 switch'],
  switch: [IconSwitch3, 'Switch'],
  firewall: [IconWall, 'Firewall'],
  host: [IconServer2, 'Host'],
  ap: [IconAccessPoint, 'Access point'],
  phone: [IconPhone, 'Phone'],
  segment: [IconShare, 'Segment'],
  unknown: [IconQuestionMark, 'Unknown'],
};

export function roleName(role: string | null | undefined): string {
  return ROLES[role ?? 'unknown']?.[1] ?? role ?? 'Unknown';
}

export function RoleIcon({ role, size = 16 }: { role: string | null | undefined; size?: number }) {
  const [Icon] = ROLES[role ?? 'unknown'] ?? [IconQuestionMark];
  return <Icon size={size} stroke={1.6} aria-hidden="true" />;
}

/** Icon and word. */
export function Role({ role }: { role: string | null | undefined }) {
  return (
    <span className="row" style={{ gap: 6, flexWrap: 'nowrap' }}>
      <RoleIcon role={role} />
      {roleName(role)}
    </span>
  );
}
