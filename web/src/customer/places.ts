/** Where the customers' navigation leads. */

import {
  IconActivity,
  IconBell,
  IconChecklist,
  IconGauge,
  IconLayoutDashboard,
  IconPlug,
  IconSend,
  IconUserPlus,
} from '@tabler/icons-react'

import type { Place } from '../ui/Shell'

export const PLACES: readonly Place[] = [
  { to: '/', label: 'My Agents', icon: IconLayoutDashboard },
  { to: '/review', label: 'Review', icon: IconChecklist },
  { to: '/executions', label: 'Executions', icon: IconSend },
  { to: '/activity', label: 'Activity', icon: IconActivity },
  { to: '/connections', label: 'Connections', icon: IconPlug },
  { to: '/notifications', label: 'Notifications', icon: IconBell },
  { to: '/usage', label: 'Usage', icon: IconGauge },
  { to: '/hire', label: 'Hire an agent', icon: IconUserPlus },
]
