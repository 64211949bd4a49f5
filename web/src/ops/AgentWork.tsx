/** What a hired agent is asked to do, and what it did. */

import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { Moment } from '../ui/Moment'
import { useList } from '../ui/Pager'
import { inWords } from '../ui/StateBadge'
import { VisibleText } from '../ui/VisibleText'
import { DraftTable } from './DraftTable'
import { CorrelationLink } from './links'
import { ExecutionRows } from './ExecutionRows'
import { ListTable } from './ListTable'
import { momentColumn, stateColumn, type Column } from '../ui/Rows'
import {
  agentDeliverablesPage,
  agentGoalsPage,
  agentRunsPage,
  newestExecutions,
  type Goal,
  type GoalRun,
  type HiredAgent,
} from './queries'
import { Section } from './Section'

export function AgentWork({ agent }: { agent: HiredAgent }) {
  const { hired_instance_id: id, customer_id: customerId } = agent
  const goals = useList(['goals', id], agentGoalsPage(id, customerId))
  const runs = useList(['goal_runs', id], agentRunsPage(id, customerId))
  const drafts = useList(['deliverables', 'of', id], agentDeliverablesPage(id, customerId))
  const executions = useQuery(newestExecutions({ customer_id: customerId }))
  const ofAgent = new Set(drafts.items.map((draft) => draft.deliverable_id))
  const done = executions.data?.items.filter((one) => ofAgent.has(one.deliverable_id)) ?? []
  return (
    <>
      <Section title="Goals">
        <ListTable
          caption="Goals"
          list={goals}
          keyOf={(goal) => goal.goal_id}
          columns={GOAL_COLUMNS}
          empty={{ title: 'It has no goal yet' }}
        />
      </Section>
      <Section title="Runs of goals">
        <ListTable
          caption="Runs of goals"
          list={runs}
          keyOf={(run) => run.run_id}
          columns={RUN_COLUMNS}
          minWidth={760}
          empty={{ title: 'No goal has run yet' }}
        />
      </Section>
      <Section title="Drafts and reports">
        <DraftTable list={drafts} />
      </Section>
      <Section title="Executions" about="Of the drafts above, among the customer’s newest 200.">
        <ExecutionRows executions={done} />
      </Section>
    </>
  )
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

export function whenWords({
  frequency,
  time_of_day: time,
  weekday,
  day_of_month: day,
  timezone,
}: Goal): string {
  const at = time === null ? '' : ` at ${time} ${timezone}`
  if (frequency === 'on_demand') return 'when asked'
  if (frequency === 'weekly' && weekday !== null) return `${WEEKDAYS[weekday]}s${at}`
  if (frequency === 'monthly' && day !== null) return `day ${day} of each month${at}`
  return `${frequency}${at}`
}

const GOAL_COLUMNS: readonly Column<Goal>[] = [
  { label: 'Goal', show: (goal) => <Text size="sm">{inWords(goal.template_id)}</Text> },
  { label: 'When', show: (goal) => <Text size="sm">{whenWords(goal)}</Text> },
  {
    label: 'Next due',
    show: (goal) =>
      goal.next_due_at ? <Moment at={goal.next_due_at} /> : goal.paused ? 'paused' : 'when asked',
  },
]

const RUN_COLUMNS: readonly Column<GoalRun>[] = [
  momentColumn('Due', (run) => run.due_at),
  stateColumn('State', (run) => run.state),
  { label: 'Tries', show: (run) => run.attempts },
  {
    label: 'What went wrong',
    show: (run) => (run.error === null ? 'nothing' : <VisibleText text={run.error} />),
  },
  { label: 'Request', show: (run) => <CorrelationLink id={run.correlation_id} /> },
]
