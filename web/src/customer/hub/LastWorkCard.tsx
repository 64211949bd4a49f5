/** The last things an agent made, and what came of them. */

import { Anchor, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { Loaded } from '../../ui/Page'
import { StateBadge } from '../../ui/StateBadge'
import { VisibleText } from '../../ui/VisibleText'
import { deliverablesQuery } from '../queries/deliverables'
import { titleOf } from '../review/draftWords'

const SHOWN = 5

export function LastWorkCard({ instanceId }: { instanceId: string }) {
  const newest = useQuery(deliverablesQuery({ instanceId, limit: SHOWN }))
  return (
    <Card withBorder>
      <Title order={3} size="h4" mb="xs">
        Last work
      </Title>
      <Loaded
        of={newest}
        empty={{ when: ({ items }) => items.length === 0, show: <Text>Nothing drafted yet.</Text> }}
      >
        {({ items }) => (
          <Stack gap="xs">
            {items.map((one) => (
              <Group key={one.deliverable_id} justify="space-between" gap="xs">
                <Anchor
                  component={Link}
                  to={
                    one.execution_id
                      ? `/executions/${one.execution_id}`
                      : `/deliverables/${one.deliverable_id}`
                  }
                  underline="always"
                  flex={1}
                  className="anywhere"
                >
                  <VisibleText text={titleOf(one)} />
                </Anchor>
                <StateBadge state={one.state} />
              </Group>
            ))}
          </Stack>
        )}
      </Loaded>
    </Card>
  )
}
