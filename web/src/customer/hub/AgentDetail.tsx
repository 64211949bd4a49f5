/** The selected agent: its state and what can be done with it, what is missing, goals, use of the plan, last work. */

import { Alert, Button, Card, Group, List, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { Moment } from '../../ui/Moment'
import { StateBadge } from '../../ui/StateBadge'
import { useAgentNames } from '../names'
import { hiredAgentQuery } from '../queries/agents'
import type { MyAgent } from '../wire'
import { AgentActions } from './AgentActions'
import { isEnded, stateOf } from './agentState'
import { GoalsCard } from './GoalsCard'
import { LastWorkCard } from './LastWorkCard'
import { PlanCard } from './PlanCard'

export function AgentDetail({ item }: { item: MyAgent }) {
  const names = useAgentNames()
  const instanceId = item.agent?.hired_instance_id
  return (
    <Stack component="section" aria-labelledby="selected-agent">
      <Group justify="space-between">
        <Group gap="xs">
          <Title order={2} size="h3" id="selected-agent" className="anywhere">
            {names.ofAgent(item)}
          </Title>
          <StateBadge state={stateOf(item)} />
        </Group>
        <AgentActions item={item} />
      </Group>
      <Ending item={item} />
      {!item.configured && !isEnded(item) && <Unconfigured item={item} />}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {instanceId && <GoalsCard instanceId={instanceId} />}
        <PlanCard item={item} />
        {instanceId && <LastWorkCard instanceId={instanceId} />}
      </SimpleGrid>
    </Stack>
  )
}

function Ending({ item: { subscription } }: { item: MyAgent }) {
  if (!subscription.ends_at) return null
  return (
    <Alert
      color="orange"
      title={subscription.status === 'ended' ? 'The subscription has ended' : 'The subscription ends'}
    >
      {subscription.status === 'ended' ? 'It ended on ' : 'The agent works until '}
      <Moment at={subscription.ends_at} />.
      {subscription.retained_until && (
        <>
          {' '}
          After that it can be read until <Moment at={subscription.retained_until} />; then it is gone.
        </>
      )}
    </Alert>
  )
}

function Unconfigured({ item }: { item: MyAgent }) {
  const { data } = useQuery({
    ...hiredAgentQuery(item.agent?.hired_instance_id ?? ''),
    enabled: item.agent !== null,
  })
  const missing = data?.missing ?? []
  return (
    <Card withBorder>
      <Stack gap="xs" align="flex-start">
        <Text fw={600}>This agent is not configured yet, so it does nothing.</Text>
        {missing.length > 0 && (
          <List size="sm">
            {missing.map((one) => (
              <List.Item key={one.field + one.message}>
                {one.field}: {one.message}
              </List.Item>
            ))}
          </List>
        )}
        <Button component={Link} to={`/subscriptions/${item.subscription.subscription_id}/configure`}>
          Configure it
        </Button>
      </Stack>
    </Card>
  )
}
