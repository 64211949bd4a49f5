/** The five figures that say whether somebody has to act. */

import { SimpleGrid } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { ProblemNote } from '../ui/ProblemNote'
import { durationText } from '../ui/timeWords'
import { isUnderWay } from './executions'
import {
  killSwitchesQuery,
  newestDeliverables,
  newestExecutions,
  schedulerQuery,
  type SchedulerHealth,
} from './queries'
import { Figure } from './Section'

const PAGE = 200

function counted(items: readonly unknown[] | undefined): string {
  if (items === undefined) return '…'
  return items.length < PAGE ? String(items.length) : `${PAGE} or more`
}

export function OverviewFigures() {
  const waiting = useQuery(newestDeliverables({ state: 'pending_review' }))
  const executions = useQuery(newestExecutions({}))
  const switches = useQuery(killSwitchesQuery)
  const scheduler = useQuery(schedulerQuery)
  const open = executions.data?.items.filter(isUnderWay)
  const unknown = open?.filter(({ state }) => state === 'unknown').length ?? 0
  const engaged = switches.data?.items.filter((one) => one.engaged)
  return (
    <>
      {scheduler.error && <ProblemNote error={scheduler.error} />}
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 5 }}>
        <Figure label="Drafts that wait" value={counted(waiting.data?.items)} note="each for its customer" />
        <Figure
          label="Executions under way"
          value={counted(open)}
          note={unknown > 0 ? `${unknown} with unknown outcome` : 'none with unknown outcome'}
        />
        <Figure
          label="Kill switches engaged"
          value={counted(engaged)}
          link={{ to: '/kill-switches', text: 'Kill switches' }}
        />
        <Figure
          label="Goals overdue"
          value={scheduler.data?.due_goals ?? '…'}
          note={scheduler.data && lateness(scheduler.data)}
        />
        <Figure
          label="Dead letters"
          value={scheduler.data?.dead_runs ?? '…'}
          note="goal runs given up"
          link={{ to: '/dead-letters', text: 'Look at them' }}
        />
      </SimpleGrid>
    </>
  )
}

export function lateness({
  due_goals: due,
  oldest_due_s: oldestS,
  queued_runs: queued,
}: SchedulerHealth): string {
  const queue = queued === 1 ? '1 run queued' : `${queued} runs queued`
  return due === 0 ? queue : `the oldest by ${durationText(oldestS * 1_000)}, ${queue}`
}
