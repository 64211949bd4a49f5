/** A state as a word with an icon, for whatever has one: deliverables, executions, approvals, runs, agents. */

import { Badge, ThemeIcon } from '@mantine/core'
import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconClock,
  IconHelp,
  IconLoader,
  IconPencil,
  IconPlayerPause,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react'

type Look = readonly [word: string, icon: TablerIcon, color: string]

const good = (word: string): Look => [word, IconCheck, 'teal']
const bad = (word: string): Look => [word, IconX, 'red']
const waiting = (word: string): Look => [word, IconClock, 'orange']
const moving = (word: string): Look => [word, IconLoader, 'blue']
const over = (word: string): Look => [word, IconBan, 'gray']

const LOOKS: Record<string, Look> = {
  absent: bad('Never arrived'),
  active: good('Active'),
  approved: good('Approved'),
  cancelled: over('Cancelled'),
  configured: good('Configured'),
  confirmed: good('Confirmed'),
  consumed: good('Used'),
  dead: bad('Given up'),
  declined: bad('Declined'),
  delivered: good('Delivered'),
  done: good('Done'),
  draft: ['Draft', IconPencil, 'gray'],
  ended: over('Ended'),
  ending: waiting('Ending'),
  engaged: bad('Stopped'),
  executed: good('Executed'),
  executing: moving('Executing'),
  expired: over('Expired'),
  failed: bad('Failed'),
  filled: good('Filled'),
  given_up: bad('Given up'),
  missed: ['Missed', IconAlertTriangle, 'orange'],
  not_configured: waiting('Not configured'),
  open: moving('Open'),
  partially_filled: moving('Partly filled'),
  paused: ['Paused', IconPlayerPause, 'gray'],
  pending_review: waiting('Waits for review'),
  published: good('Published'),
  queued: waiting('Queued'),
  rejected: bad('Rejected'),
  released: moving('Released'),
  retired: over('Retired'),
  revoked: over('Revoked'),
  sending: moving('Sending'),
  skipped: over('Skipped'),
  trial: good('Trial'),
  trial_expired: over('Trial ended'),
  unknown: ['Outcome unknown', IconHelp, 'orange'],
  vetoed: bad('Stopped before sending'),
  waiting: waiting('Waits'),
}

export function StateBadge({ state }: { state: string }) {
  const [word, Icon, color] = LOOKS[state] ?? [inWords(state), IconHelp, 'gray']
  return (
    <Badge
      className="state-badge"
      variant="default"
      tt="none"
      size="lg"
      fw={600}
      leftSection={
        <ThemeIcon variant="transparent" color={color} size="xs">
          <Icon size={14} aria-hidden />
        </ThemeIcon>
      }
    >
      {word}
    </Badge>
  )
}

/** As in `Not carried out` for `not_carried_out`. */
export function inWords(name: string): string {
  const words = name.replaceAll('_', ' ').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
