/** What came of a run: a draft to review, or the execution of what was approved. */

import { Alert, Stack, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'

import { RiskPicture } from '../ui/RiskPicture'
import { StateBadge } from '../ui/StateBadge'
import { DeliverableLink, WholeId } from './links'
import { newestExecutions, type Execution } from './queries'
import type { RunOutcome } from './runs'

export function RunResult({ outcome, customerId }: { outcome: RunOutcome; customerId: string }) {
  return 'execution' in outcome ? (
    <Alert
      icon={<IconCircleCheck />}
      role="status"
      title={
        outcome.replayed ? 'It was carried out before: this is that execution' : 'Released to the exchange'
      }
    >
      <Stack gap="xs">
        <LatestState execution={outcome.execution} customerId={customerId} />
        <WholeId label="Execution" id={outcome.execution.execution_id} />
        <Text size="sm" component="div">
          Its draft: <DeliverableLink id={outcome.deliverable_id} customerId={customerId} />
        </Text>
      </Stack>
    </Alert>
  ) : (
    <Alert icon={<IconCircleCheck />} role="status" title="A draft was made; nothing was sent">
      <Stack gap="xs">
        <Text size="sm">{outcome.draft.plan?.summary}</Text>
        {outcome.draft.risk && <RiskPicture risk={outcome.draft.risk} />}
        <Text size="sm" component="div">
          Review it: <DeliverableLink id={outcome.deliverable_id} customerId={customerId} />
        </Text>
      </Stack>
    </Alert>
  )
}

/** An execution goes on after the answer. */
function LatestState({ execution, customerId }: { execution: Execution; customerId: string }) {
  const executions = useQuery(newestExecutions({ customer_id: customerId }))
  const latest = executions.data?.items.find((one) => one.execution_id === execution.execution_id)
  return <StateBadge state={(latest ?? execution).state} />
}
