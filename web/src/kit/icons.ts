/** The icons in use, one file each: the package's barrel pulls six thousand modules into the build. */
import type { ComponentType, SVGProps } from 'react';
import IconActivity from '@tabler/icons-react/dist/esm/icons/IconActivity.mjs';
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs';
import IconArrowRight from '@tabler/icons-react/dist/esm/icons/IconArrowRight.mjs';
import IconArrowsMove from '@tabler/icons-react/dist/esm/icons/IconArrowsMove.mjs';
import IconBookmark from '@tabler/icons-react/dist/esm/icons/IconBookmark.mjs';
import IconBookmarkOff from '@tabler/icons-react/dist/esm/icons/IconBookmarkOff.mjs';
import IconBuilding from '@tabler/icons-react/dist/esm/icons/IconBuilding.mjs';
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs';
import IconChevronDown from '@tabler/icons-react/dist/esm/icons/IconChevronDown.mjs';
import IconClipboardList from '@tabler/icons-react/dist/esm/icons/IconClipboardList.mjs';
import IconColumns from '@tabler/icons-react/dist/esm/icons/IconColumns3.mjs';
import IconCopy from '@tabler/icons-react/dist/esm/icons/IconCopy.mjs';
import IconDots from '@tabler/icons-react/dist/esm/icons/IconDots.mjs';
import IconDownload from '@tabler/icons-react/dist/esm/icons/IconDownload.mjs';
import IconEyeOff from '@tabler/icons-react/dist/esm/icons/IconEyeOff.mjs';
import IconFilter from '@tabler/icons-react/dist/esm/icons/IconFilter.mjs';
import IconGitCompare from '@tabler/icons-react/dist/esm/icons/IconGitCompare.mjs';
import IconHelp from '@tabler/icons-react/dist/esm/icons/IconHelpCircle.mjs';
import IconHome from '@tabler/icons-react/dist/esm/icons/IconHome.mjs';
import IconInfo from '@tabler/icons-react/dist/esm/icons/IconInfoCircle.mjs';
import IconKey from '@tabler/icons-react/dist/esm/icons/IconKey.mjs';
import IconKeyboard from '@tabler/icons-react/dist/esm/icons/IconKeyboard.mjs';
import IconList from '@tabler/icons-react/dist/esm/icons/IconList.mjs';
import IconLayoutDashboard from '@tabler/icons-react/dist/esm/icons/IconLayoutDashboard.mjs';
import IconListSearch from '@tabler/icons-react/dist/esm/icons/IconListSearch.mjs';
import IconListCheck from '@tabler/icons-react/dist/esm/icons/IconListCheck.mjs';
import IconLogout from '@tabler/icons-react/dist/esm/icons/IconLogout.mjs';
import IconMapPinQuestion from '@tabler/icons-react/dist/esm/icons/IconMapPinQuestion.mjs';
import IconMaximize from '@tabler/icons-react/dist/esm/icons/IconMaximize.mjs';
import IconMenu from '@tabler/icons-react/dist/esm/icons/IconMenu2.mjs';
import IconMinus from '@tabler/icons-react/dist/esm/icons/IconMinus.mjs';
import IconMoon from '@tabler/icons-react/dist/esm/icons/IconMoon.mjs';
import IconPin from '@tabler/icons-react/dist/esm/icons/IconPin.mjs';
import IconPinOff from '@tabler/icons-react/dist/esm/icons/IconPinnedOff.mjs';
import IconPlayerPlay from '@tabler/icons-react/dist/esm/icons/IconPlayerPlay.mjs';
import IconPlayerStop from '@tabler/icons-react/dist/esm/icons/IconPlayerStop.mjs';
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs';
import IconRadar from '@tabler/icons-react/dist/esm/icons/IconRadar2.mjs';
import IconRefresh from '@tabler/icons-react/dist/esm/icons/IconRefresh.mjs';
import IconRoute from '@tabler/icons-react/dist/esm/icons/IconRoute.mjs';
import IconRouter from '@tabler/icons-react/dist/esm/icons/IconRouter.mjs';
import IconSearch from '@tabler/icons-react/dist/esm/icons/IconSearch.mjs';
import IconServer from '@tabler/icons-react/dist/esm/icons/IconServer2.mjs';
import IconSettings from '@tabler/icons-react/dist/esm/icons/IconSettings.mjs';
import IconShieldLock from '@tabler/icons-react/dist/esm/icons/IconShieldLock.mjs';
import IconSidebarCollapse from '@tabler/icons-react/dist/esm/icons/IconLayoutSidebarLeftCollapse.mjs';
import IconSidebarExpand from '@tabler/icons-react/dist/esm/icons/IconLayoutSidebarLeftExpand.mjs';
import IconTarget from '@tabler/icons-react/dist/esm/icons/IconTarget.mjs';
import IconTopology from '@tabler/icons-react/dist/esm/icons/IconTopologyStar3.mjs';
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs';
import IconUser from '@tabler/icons-react/dist/esm/icons/IconUser.mjs';
import IconUsers from '@tabler/icons-react/dist/esm/icons/IconUsers.mjs';
import IconMailX from '@tabler/icons-react/dist/esm/icons/IconMailX.mjs';
import IconProgress from '@tabler/icons-react/dist/esm/icons/IconProgress.mjs';
import IconUserCheck from '@tabler/icons-react/dist/esm/icons/IconUserCheck.mjs';
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs';

export type IconType = ComponentType<Omit<SVGProps<SVGSVGElement>, 'stroke' | 'ref'> & { size?: number | string; stroke?: number }>;

export {
  IconActivity, IconAlertTriangle, IconArrowRight, IconArrowsMove, IconBookmark, IconBookmarkOff, IconCheck, IconChevronDown, IconClipboardList, IconColumns, IconCopy, IconDots, IconDownload, IconEyeOff,
  IconFilter, IconGitCompare, IconHelp, IconInfo, IconKey, IconKeyboard, IconLayoutDashboard, IconList, IconListSearch, IconLogout, IconMapPinQuestion, IconMaximize, IconMenu, IconMinus, IconMoon,
  IconPin, IconPinOff, IconPlayerPlay, IconPlayerStop, IconPlus, IconRadar, IconRefresh, IconRoute, IconRouter, IconSearch, IconServer, IconSettings,
  IconSidebarCollapse, IconSidebarExpand, IconTopology, IconTrash, IconUser, IconX,
};

/** Names the server may use in navigation entries and model descriptions. */
const BY_NAME: Record<string, IconType> = {
  'activity': IconActivity, 'building': IconBuilding, 'clipboard-list': IconClipboardList, 'history': IconClipboardList, 'git-compare': IconGitCompare, 'home': IconHome,
  'key': IconKey, 'list': IconList, 'list-check': IconListCheck, 'map-pin-question': IconMapPinQuestion, 'radar': IconRadar,
  'radar-2': IconRadar, 'route': IconRoute, 'router': IconRouter, 'scan': IconRadar, 'server': IconServer, 'server-2': IconServer,
  'settings': IconSettings, 'shield-lock': IconShieldLock, 'shield': IconShieldLock, 'lock': IconShieldLock, 'target': IconTarget,
  'topology-star-3': IconTopology, 'map': IconTopology, 'user': IconUser, 'users': IconUsers, 'user-shield': IconShieldLock,
  'password': IconKey, 'ticket': IconKey, 'link': IconRoute, 'affiliate': IconTopology, 'mail-x': IconMailX, 'progress': IconProgress, 'user-check': IconUserCheck, 'help-circle': IconMapPinQuestion, 'briefcase': IconListCheck, 'search': IconSearch,
  'layers-subtract': IconColumns, 'layout-dashboard': IconLayoutDashboard, 'list-numbers': IconList, 'plug': IconRoute, 'plug-connected': IconRoute, 'bolt': IconActivity, 'users-group': IconUsers, 'address-book': IconUser, 'tag': IconPin,
};

export function iconNamed(name: string | null | undefined): IconType {
  return BY_NAME[name ?? ''] ?? IconList;
}
