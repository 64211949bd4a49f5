/** What waits for the customer's decision, of all agents or of one; the first thing that they see. */

import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { Loaded } from '../../ui/Page'
import { useAgentNames } from '../names'
import { deliverablesQuery } from '../queries/deliverables'
import { DraftRow } from '../review/DraftRow'

const SHOWN = 5

export function WaitingDrafts({ instanceId }: { instanceId?: string | undefined }) {
  const waiting = useQuery(deliverablesQuery({ state: 'pending_review', instanceId, limit: SHOWN }))
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
            {items.map((item) => (
              <DraftRow
                key={item.deliverable_id}
                deliverable={item}
                agentName={names.ofInstance(item.hired_instance_id)}
              />
            ))}
          </div>
        )}
      </Loaded>
    </Stack>
  )
}
