/** One execution: where it stands, in words, its steps with times, and its receipt. */

import { Group, Stack, Text, Title } from '@mantine/core'

import { StateBadge } from '../../ui/StateBadge'
import { Timeline, type TimelineEntry } from '../../ui/Timeline'
import type { Approval, Execution } from '../wire'
import { ExecutionFacts } from './ExecutionFacts'
import { EXECUTION_WORDS } from './words'

interface ExecutionViewProps {
  execution: Execution
  approval: Approval | null | undefined
}

export function ExecutionView({ execution, approval }: ExecutionViewProps) {
  return (
    <Stack>
      <Group gap="xs" role="status">
        <StateBadge state={execution.state} />
        <Text flex={1} miw={200}>
          {EXECUTION_WORDS[execution.state].meaning}
        </Text>
      </Group>
      <Title order={3} size="h4">
        Steps
      </Title>
      <Timeline entries={stepsOf(execution, approval)} />
      <Title order={3} size="h4">
        Receipt
      </Title>
      <ExecutionFacts execution={execution} />
    </Stack>
  )
}

function stepsOf(execution: Execution, approval: Approval | null | undefined): TimelineEntry[] {
  const approved: TimelineEntry[] = approval
    ? [{ at: approval.issued_at, title: 'Approved', detail: approverText(approval), tone: 'good' }]
    : []
  const steps = execution.timeline.map(({ at, state, detail }): TimelineEntry => {
    const { title, tone } = EXECUTION_WORDS[state]
    return { at, title, detail, ...(tone && { tone }) }
  })
  return [...approved, ...steps]
}

function approverText({ approver, notes }: Approval): string {
  const who = approver.type === 'customer' ? 'by you' : 'by an operator on your behalf'
  return notes ? `${who}: ${notes}` : who
}
