/** What the customer's agents have used, of which limits, and each use that was counted. */

import { Card, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { Moment } from '../../ui/Moment'
import { Empty, Loaded, Page } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { momentColumn, Rows, type Column } from '../../ui/Rows'
import { inWords } from '../../ui/StateBadge'
import { VisibleText } from '../../ui/VisibleText'
import { Used } from '../hub/PlanCard'
import { useAgentNames } from '../names'
import { myAgentsQuery } from '../queries/agents'
import { entitlementQuery, fetchUsage } from '../queries/evidence'
import type { MyAgent, UsageEvent } from '../wire'

const AGENT_COLUMNS: readonly Column<MyAgent>[] = [
  { label: 'Agent', show: (item) => <AgentName item={item} /> },
  { label: 'Plan', show: ({ subscription }) => <PlanOf subscription={subscription} /> },
  {
    label: 'Tasks',
    show: ({ agent, subscription }) =>
      `${agent?.tasks_used ?? 0} of ${subscription.task_limit ?? 'any number'}`,
  },
  {
    label: 'Budget',
    show: ({ agent, subscription }) =>
      `USD ${agent?.budget_used ?? 0} of ${subscription.budget_limit ? `USD ${subscription.budget_limit}` : 'no limit'}`,
  },
]

const EVENT_COLUMNS: readonly Column<UsageEvent>[] = [
  momentColumn('When', (one) => one.at),
  {
    label: 'What',
    show: ({ kind, action_kind: action }) =>
      inWords(kind) + (action ? `, ${inWords(action).toLowerCase()}` : ''),
  },
  { label: 'Agent', show: (one) => <TypeName id={one.agent_id} /> },
  { label: 'Counted', show: (one) => one.quantity },
]

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
          <Rows
            caption="Use by agent"
            items={items}
            keyOf={({ subscription }) => subscription.subscription_id}
            columns={AGENT_COLUMNS}
          />
        )}
      </Loaded>
    </Stack>
  )
}

function AgentName({ item }: { item: MyAgent }) {
  return <VisibleText text={useAgentNames().ofAgent(item)} />
}

function PlanOf({ subscription }: { subscription: MyAgent['subscription'] }) {
  return (
    <>
      {inWords(subscription.plan)}
      {subscription.trial_ends_at && (
        <Text size="sm">
          until <Moment at={subscription.trial_ends_at} />
        </Text>
      )}
    </>
  )
}

function Events() {
  const { items, query, more } = useList<UsageEvent>(['usage', 'list'], fetchUsage)
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
          <Rows caption="Counted uses" items={items} keyOf={(one) => one.event_id} columns={EVENT_COLUMNS} />
        )}
      </Loaded>
      {more}
    </Stack>
  )
}

function TypeName({ id }: { id: string | null }) {
  const { ofType } = useAgentNames()
  return id === null ? null : ofType(id)
}
