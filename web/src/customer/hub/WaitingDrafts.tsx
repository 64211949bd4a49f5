/** What waits for the customer's decision, of all agents or of one; the first thing that they see. */

import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { Loaded } from '../../ui/Page'
import { useAgentNames } from '../names'
import { deliverablesQuery } from '../queries/deliverables'
import { DraftRow } from '../review/DraftRow'
import type { Deliverable } from '../wire'

const SHOWN = 5
const LOOKED_THROUGH = 50

export function WaitingDrafts({ instanceId }: { instanceId?: string | undefined }) {
  const waiting = useQuery(deliverablesQuery({ state: 'pending_review', instanceId, limit: LOOKED_THROUGH }))
  const names = useAgentNames()
  return (
    <Stack component="section" gap="xs" aria-labelledby="waiting">
      <Group justify="space-between">
        <Title order={2} size="h3" id="waiting">
          Waits for you
        </Title>
        <Anchor component={Link} to="/review" underline="always">
          All drafts to review
        </Anchor>
      </Group>
      <Loaded
        of={waiting}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <Text>Nothing waits. When an agent drafts something, it is here.</Text>,
        }}
      >
        {({ items }) => (
          <div>
            {decisionsFirst(items).map((item) => (
              <DraftRow
                key={item.deliverable_id}
                deliverable={item}
                agentName={names.ofInstance(item.hired_instance_id)}
              />
            ))}
            {items.length > SHOWN && (
              <Text size="sm">
                {items.length - SHOWN} more wait
                {items.length === LOOKED_THROUGH && ', or even more than that'}.
              </Text>
            )}
          </div>
        )}
      </Loaded>
    </Stack>
  )
}

/** What can be sent comes before what is only to be read; otherwise the newest come first. */
function decisionsFirst(items: readonly Deliverable[]): Deliverable[] {
  return [...items]
    .sort((one, other) => Number(other.draft !== null) - Number(one.draft !== null))
    .slice(0, SHOWN)
}
