/** The first look at all customers together: what waits, what is under way, what is stopped, what was denied. */

import { Alert, Anchor, List, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { Moment } from '../../ui/Moment'
import { Empty, Loaded, Page } from '../../ui/Page'
import { VisibleText } from '../../ui/VisibleText'
import { CustomerList } from '../CustomerList'
import { WhatItIs } from '../DraftTable'
import { recentDenials, type PolicyDenial } from '../evidence'
import { isUnderWay } from '../executions'
import { coverage } from '../killSwitches'
import { CorrelationLink, CustomerLink, DeliverableLink } from '../links'
import { momentColumn, Rows, stateColumn } from '../../ui/Rows'
import { OverviewFigures } from '../OverviewFigures'
import {
  killSwitchesQuery,
  newestDeliverables,
  newestExecutions,
  type Deliverable,
  type Execution,
} from '../queries'
import { Section } from '../Section'
import { WaitingProposals } from '../WaitingProposals'

const WAITING = newestDeliverables({ state: 'pending_review' })
const SHOWN = 6

export function Overview() {
  return (
    <Page title="Overview" about="All customers together, live.">
      <EngagedSwitches />
      <OverviewFigures />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <WaitingDrafts />
        <OpenExecutions />
      </SimpleGrid>
      <WaitingProposals of={{}} />
      <RecentDenials />
      <CustomerList />
    </Page>
  )
}

function EngagedSwitches() {
  const { data } = useQuery(killSwitchesQuery)
  const engaged = data?.items.filter((one) => one.engaged) ?? []
  if (engaged.length === 0) return null
  return (
    <Alert
      color="red"
      icon={<IconHandStop />}
      title={
        engaged.length === 1 ? 'A kill switch is engaged' : `${engaged.length} kill switches are engaged`
      }
    >
      <List size="sm">
        {engaged.map((one) => (
          <List.Item key={one.scope}>
            Stopped is {coverage(one.scope)}: <VisibleText text={one.reason} />
          </List.Item>
        ))}
      </List>
      <Anchor component={Link} to="/kill-switches" underline="always" size="sm">
        Look at the switches
      </Anchor>
    </Alert>
  )
}

function WaitingDrafts() {
  const waiting = useQuery(WAITING)
  return (
    <Section title="Drafts that wait" about="The newest first; each is its customer's to approve.">
      <Loaded
        of={waiting}
        empty={{ when: ({ items }) => items.length === 0, show: <Empty title="None waits" /> }}
      >
        {({ items }) => (
          <Stack gap="xs">
            {items.slice(0, SHOWN).map((draft) => (
              <WaitingDraft key={draft.deliverable_id} draft={draft} />
            ))}
            {items.length > SHOWN && <Text size="sm">and {items.length - SHOWN} more</Text>}
          </Stack>
        )}
      </Loaded>
    </Section>
  )
}

function WaitingDraft({ draft }: { draft: Deliverable }) {
  return (
    <Text size="sm">
      <DeliverableLink id={draft.deliverable_id} customerId={draft.customer_id} /> <WhatItIs draft={draft} />{' '}
      of customer <CustomerLink id={draft.customer_id} />, <Moment at={draft.created_at} />
    </Text>
  )
}

function OpenExecutions() {
  const executions = useQuery(newestExecutions({}))
  return (
    <Section title="Executions under way" about="Among the newest 200. An unknown one is never sent again.">
      <Loaded of={executions}>
        {({ items }) => {
          const open = items.filter(isUnderWay)
          return open.length === 0 ? <Empty title="None is under way" /> : <OpenList open={open} />
        }}
      </Loaded>
    </Section>
  )
}

function OpenList({ open }: { open: readonly Execution[] }) {
  return (
    <Rows
      caption="Executions under way"
      items={open}
      keyOf={(one) => one.execution_id}
      minWidth={380}
      columns={[
        { label: 'Order id', show: (one) => <Text size="sm">{one.client_order_id}</Text> },
        stateColumn('State', (one: Execution) => one.state),
        momentColumn('Since', (one: Execution) => one.created_at),
      ]}
    />
  )
}

function RecentDenials() {
  const denials = useQuery(recentDenials)
  return (
    <Section
      title="Denied lately"
      actions={
        <Anchor component={Link} to="/denials" size="sm" underline="always">
          All denials
        </Anchor>
      }
    >
      <Loaded
        of={denials}
        empty={{ when: ({ items }) => items.length === 0, show: <Empty title="Nothing was denied" /> }}
      >
        {({ items }) => <DenialRows denials={items} />}
      </Loaded>
    </Section>
  )
}

function DenialRows({ denials }: { denials: readonly PolicyDenial[] }) {
  return (
    <Rows
      caption="Denied lately"
      items={denials}
      keyOf={(one) => one.decision_id}
      columns={[
        { label: 'Reason', show: (one) => one.reason },
        { label: 'Customer', show: (one) => <CustomerLink id={one.customer_id} /> },
        momentColumn('When', (one: PolicyDenial) => one.at),
        { label: 'Request', show: (one) => <CorrelationLink id={one.correlation_id} /> },
      ]}
    />
  )
}
