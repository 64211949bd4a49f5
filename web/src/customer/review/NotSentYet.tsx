/** What is approved and not sent yet: it goes out by itself at its time, or waits for the customer to send it. */

import { Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { useAgentNames } from '../names'
import { deliverablesQuery } from '../queries/deliverables'
import { DraftRow } from './DraftRow'

const LOOKED_THROUGH = 200

export function NotSentYet({ instanceId }: { instanceId: string | undefined }) {
  const approved = useQuery(deliverablesQuery({ state: 'approved', instanceId, limit: LOOKED_THROUGH }))
  const names = useAgentNames()
  const waiting = approved.data?.items.filter((one) => one.draft !== null) ?? []
  if (waiting.length === 0) return null
  return (
    <Stack component="section" gap="xs" aria-labelledby="not-sent">
      <Title order={2} size="h3" id="not-sent">
        Approved, not sent yet
      </Title>
      <Text size="sm">
        What has a time goes out by itself; all else you send, before its approval runs out.
      </Text>
      <div>
        {waiting.map((one) => (
          <DraftRow
            key={one.deliverable_id}
            deliverable={one}
            agentName={names.ofInstance(one.hired_instance_id)}
          />
        ))}
      </div>
    </Stack>
  )
}
