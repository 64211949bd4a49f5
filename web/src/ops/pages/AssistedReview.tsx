/** One draft of a customer, exactly as it would be signed; operators approve it with the customer's consent. */

import { Anchor, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'

import { Countdown } from '../../ui/Countdown'
import { DraftChanged } from '../../ui/DraftChanged'
import { Moment } from '../../ui/Moment'
import { Empty, Loaded, Page } from '../../ui/Page'
import { RiskPicture } from '../../ui/RiskPicture'
import { StateBadge } from '../../ui/StateBadge'
import { Timeline } from '../../ui/Timeline'
import { AssistedApproval } from '../AssistedApproval'
import { WhatItIs } from '../DraftTable'
import { ExecutionRows } from '../ExecutionRows'
import { FactList } from '../Facts'
import { AgentLink, CorrelationLink, CustomerLink, WholeId } from '../links'
import { deliverableQuery, newestExecutions, type Deliverable } from '../queries'
import { Section } from '../Section'

export function AssistedReview() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const { customer } = useSearch({ strict: false }) as { customer?: string }
  return (
    <Page title="One draft" about="What the customer sees of it, and what became of it.">
      <WholeId label="Draft" id={id} />
      {customer ? <OfCustomer id={id} customerId={customer} /> : <NoCustomer />}
    </Page>
  )
}

function NoCustomer() {
  return (
    <Empty title="Whose draft it is, is not in the address">
      <Anchor component={Link} to="/" underline="always">
        Open it from its customer’s page
      </Anchor>
    </Empty>
  )
}

function OfCustomer({ id, customerId }: { id: string; customerId: string }) {
  const draft = useQuery(deliverableQuery(id, customerId))
  return (
    <Loaded of={draft}>
      {(found) => (
        <>
          <About draft={found} />
          {found.draft ? (
            <Approval key={found.deliverable_id} deliverable={found} draft={found.draft} />
          ) : (
            <Section title="To read" about="There is nothing to approve in it.">
              <FactList of={found.body ?? {}} customerId={customerId} />
            </Section>
          )}
          {found.draft?.risk && (
            <Section title="Risk checks" about="As the gate saw it when the draft was made.">
              <RiskPicture risk={found.draft.risk} />
            </Section>
          )}
          {found.execution_id && <ItsExecution id={found.execution_id} customerId={customerId} />}
          <Section title="What became of it">
            <Timeline entries={found.transitions.map(entryOf)} />
          </Section>
        </>
      )}
    </Loaded>
  )
}

interface ApprovalProps {
  deliverable: Deliverable
  draft: NonNullable<Deliverable['draft']>
}

/** A draft that was replaced begins anew: a consent that was typed for the one before counts for nothing. */
function Approval({ deliverable, draft }: ApprovalProps) {
  const [read, setRead] = useState(draft.action_hash)
  return (
    <>
      {read !== draft.action_hash && (
        <DraftChanged
          advice="Nothing was approved. Read it to the customer again; what you entered was for the one before."
          onRead={() => setRead(draft.action_hash)}
        />
      )}
      <AssistedApproval key={JSON.stringify(draft)} deliverable={deliverable} draft={draft} />
    </>
  )
}

function About({ draft }: { draft: Deliverable }) {
  return (
    <Section title="About it">
      <Text component="div">
        <WhatItIs draft={draft} />
      </Text>
      <Group gap="lg">
        <StateBadge state={draft.state} />
        {draft.state === 'pending_review' && (
          <Text size="sm" component="div">
            <Countdown until={draft.expires_at} />
          </Text>
        )}
        <Text size="sm" component="div">
          Customer <CustomerLink id={draft.customer_id} />
        </Text>
        <Text size="sm" component="div">
          Agent <AgentLink id={draft.hired_instance_id ?? draft.agent_id} customerId={draft.customer_id} />
        </Text>
        <Text size="sm" component="div">
          Request <CorrelationLink id={draft.correlation_id} />
        </Text>
        <Text size="sm" component="div">
          Made <Moment at={draft.created_at} />
        </Text>
      </Group>
    </Section>
  )
}

function ItsExecution({ id, customerId }: { id: string; customerId: string }) {
  const executions = useQuery(newestExecutions({ customer_id: customerId }))
  return (
    <Section title="Its execution">
      <Loaded of={executions}>
        {({ items }) => <ExecutionRows executions={items.filter((one) => one.execution_id === id)} />}
      </Loaded>
    </Section>
  )
}

function entryOf({ at, state, actor, notes }: Deliverable['transitions'][number]) {
  return { at, title: state.replaceAll('_', ' '), detail: notes ? `${actor}: ${notes}` : actor }
}
