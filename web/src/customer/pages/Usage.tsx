/** What the customer's agents have used, of which limits, and each use that was counted. */

import { Card, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { Moment } from '../../ui/Moment'
import { Empty, Loaded, Page } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { inWords } from '../../ui/StateBadge'
import { Used } from '../hub/PlanCard'
import { useAgentNames } from '../names'
import { myAgentsQuery } from '../queries/agents'
import { entitlementQuery, fetchUsage } from '../queries/evidence'
import type { MyAgent, UsageEvent } from '../wire'

export function Usage() {
  const entitlement = useQuery(entitlementQuery)
  return (
    <Page
      title="Usage"
      about="Counted by the month. A run is one task; one with orders is a task for each order."
    >
      <Loaded of={entitlement}>
        {(one) => (
          <Card withBorder>
            <Title order={2} size="h3" mb="xs">
              Your account: {inWords(one.plan)}
            </Title>
            <Stack gap="sm">
              {one.trial_ends_at && (
                <Text>
                  The trial ends <Moment at={one.trial_ends_at} />.
                </Text>
              )}
              <Used
                label="Tasks this month"
                used={one.tasks_used}
                limit={one.task_limit}
                show={(tasks) => `${tasks}`}
              />
              <Used
                label="Budget this month"
                used={Number(one.budget_used)}
                limit={one.budget_limit === null ? null : Number(one.budget_limit)}
                show={(money) => `USD ${money}`}
              />
            </Stack>
          </Card>
        )}
      </Loaded>
      <ByAgent />
      <Events />
    </Page>
  )
}

function ByAgent() {
  const agents = useQuery(myAgentsQuery())
  return (
    <Stack component="section" gap="xs" aria-labelledby="by-agent">
      <Title order={2} size="h3" id="by-agent">
        By agent
      </Title>
      <Loaded
        of={agents}
        empty={{ when: ({ items }) => items.length === 0, show: <Text>No agent yet.</Text> }}
      >
        {({ items }) => (
          <Table.ScrollContainer minWidth={480}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">Agent</Table.Th>
                  <Table.Th scope="col">Plan</Table.Th>
                  <Table.Th scope="col">Tasks</Table.Th>
                  <Table.Th scope="col">Budget</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((item) => (
                  <AgentRow key={item.subscription.subscription_id} item={item} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
    </Stack>
  )
}

function AgentRow({ item }: { item: MyAgent }) {
  const names = useAgentNames()
  const { subscription, agent } = item
  return (
    <Table.Tr>
      <Table.Td>{names.ofAgent(item)}</Table.Td>
      <Table.Td>
        {inWords(subscription.plan)}
        {subscription.trial_ends_at && (
          <Text size="sm">
            until <Moment at={subscription.trial_ends_at} />
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {agent?.tasks_used ?? 0} of {subscription.task_limit ?? 'any number'}
      </Table.Td>
      <Table.Td>
        USD {agent?.budget_used ?? 0} of{' '}
        {subscription.budget_limit ? `USD ${subscription.budget_limit}` : 'no limit'}
      </Table.Td>
    </Table.Tr>
  )
}

function Events() {
  const { items, query, more } = useList<UsageEvent>(['usage', 'list'], fetchUsage)
  const names = useAgentNames()
  return (
    <Stack component="section" gap="xs" aria-labelledby="events">
      <Title order={2} size="h3" id="events">
        What was counted
      </Title>
      <Loaded
        of={query}
        empty={{ when: (all) => all.length === 0, show: <Empty title="Nothing was counted yet" /> }}
      >
        {() => (
          <Table.ScrollContainer minWidth={480}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">When</Table.Th>
                  <Table.Th scope="col">What</Table.Th>
                  <Table.Th scope="col">Agent</Table.Th>
                  <Table.Th scope="col">Counted</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((one) => (
                  <Table.Tr key={one.event_id}>
                    <Table.Td>
                      <Moment at={one.at} />
                    </Table.Td>
                    <Table.Td>
                      {inWords(one.kind)}
                      {one.action_kind && `, ${inWords(one.action_kind).toLowerCase()}`}
                    </Table.Td>
                    <Table.Td className="anywhere">{one.agent_id ? names.ofType(one.agent_id) : ''}</Table.Td>
                    <Table.Td>{one.quantity}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
      {more}
    </Stack>
  )
}
