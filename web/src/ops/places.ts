/** Where the operators' navigation leads. */

import {
  IconBan,
  IconBinaryTree,
  IconBolt,
  IconGauge,
  IconHandStop,
  IconLayoutDashboard,
  IconMailOff,
  IconRobot,
  IconRoute,
  IconShieldCheck,
  IconTemplate,
} from '@tabler/icons-react'

import type { Place } from '../ui/Shell'

export const PLACES: readonly Place[] = [
  { to: '/', label: 'Overview', icon: IconLayoutDashboard },
  { to: '/hired-agents', label: 'Hired agents', icon: IconRobot },
  { to: '/agent-types', label: 'Agent types', icon: IconTemplate },
  { to: '/reference-agents', label: 'Reference agents', icon: IconBolt },
  { to: '/correlations', label: 'Follow a request', icon: IconRoute },
  { to: '/denials', label: 'Denials', icon: IconBan },
  { to: '/traces', label: 'Decision traces', icon: IconBinaryTree },
  { to: '/usage', label: 'Usage', icon: IconGauge },
  { to: '/dead-letters', label: 'Dead letters', icon: IconMailOff },
  { to: '/kill-switches', label: 'Kill switches', icon: IconHandStop },
  { to: '/audit', label: 'Audit', icon: IconShieldCheck },
]
