/** One approval that waits for a second operator: everything that would be signed, what speaks for it, and the decision. */

import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'

import { Countdown } from '../../ui/Countdown'
import { ExactAction } from '../../ui/ExactAction'
import { Moment } from '../../ui/Moment'
import { Loaded, Page } from '../../ui/Page'
import { RiskPicture } from '../../ui/RiskPicture'
import { StateBadge } from '../../ui/StateBadge'
import { VisibleText } from '../../ui/VisibleText'
import { hiddenOf } from '../../ui/visibleParts'
import { ConsentShown } from '../ConsentShown'
import { WhatItIs } from '../DraftTable'
import { CustomerLink, DeliverableLink, WholeId } from '../links'
import { Operator } from '../Operator'
import { ProposalDecision } from '../ProposalDecision'
import { ProposalOutcome } from '../ProposalOutcome'
import { proposalQuery, useConfirmation, type Proposal } from '../proposals'
import { deliverableQuery, type Deliverable } from '../queries'
import { Refusal } from '../Refusal'
import { Section } from '../Section'

export function OneProposal() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const proposal = useQuery(proposalQuery(id))
  return (
    <Page
      title="For a second operator"
      about="What one operator wants to approve for a customer is signed once another has confirmed it."
    >
      <WholeId label="Proposal" id={id} />
      <Loaded of={proposal}>{(found) => <Whole key={contentOf(found)} proposal={found} />}</Loaded>
    </Page>
  )
}

/** With another content it begins anew: what was proved of the one before counts for nothing. */
function contentOf(proposal: Proposal): string {
  const { action, action_hash, price_shown, consent, notes, deliverable_id, customer_id, proposed_by } =
    proposal
  return JSON.stringify([
    action,
    action_hash,
    price_shown,
    consent,
    notes,
    deliverable_id,
    customer_id,
    proposed_by,
  ])
}

/** A draft's price and how far it may move are signed too, so without them there is nothing to confirm. */
function Whole({ proposal }: { proposal: Proposal }) {
  const [shownHash, setShownHash] = useState<string>()
  const [wasWaiting] = useState(proposal.state === 'waiting')
  const confirming = useConfirmation()
  const { deliverable_id: draftId, customer_id: customerId } = proposal
  const draft = useQuery({ ...deliverableQuery(draftId ?? '', customerId), enabled: draftId !== null })
  const isAllShown = draftId === null || draft.isSuccess
  return (
    <>
      <About proposal={proposal} />
      {draftId !== null && (
        <Section title="The draft">
          <Loaded of={draft}>{(found) => <DraftShown draft={found} />}</Loaded>
        </Section>
      )}
      <Section title="What would be signed">
        <ExactAction
          action={proposal.action}
          actionHash={proposal.action_hash}
          hidden={draft.data && hiddenOf(draft.data.body)}
          onShown={setShownHash}
        />
      </Section>
      {draft.data?.draft?.risk && (
        <Section title="Risk checks" about="As the gate saw it when the draft was made.">
          <RiskPicture risk={draft.data.draft.risk} />
        </Section>
      )}
      <Section title="The customer’s consent" about="As the first operator wrote it down.">
        <ConsentShown consent={proposal.consent} />
        {proposal.notes && (
          <Text size="sm" component="div">
            Notes: <VisibleText text={proposal.notes} />
          </Text>
        )}
      </Section>
      {proposal.state === 'waiting' ? (
        <ProposalDecision
          key={JSON.stringify(draft.data?.draft)}
          proposal={proposal}
          shownHash={isAllShown ? shownHash : undefined}
          confirming={confirming}
        />
      ) : (
        <ProposalOutcome proposal={proposal} isNew={wasWaiting} />
      )}
      <Refusal error={confirming.error} />
    </>
  )
}

function DraftShown({ draft }: { draft: Deliverable }) {
  return (
    <>
      <Text component="div">
        <WhatItIs draft={draft} />
      </Text>
      <Group gap="lg">
        <StateBadge state={draft.state} />
        {draft.draft?.plan && <PriceShown plan={draft.draft.plan} />}
      </Group>
    </>
  )
}

function PriceShown({ plan }: { plan: NonNullable<NonNullable<Deliverable['draft']>['plan']> }) {
  return (
    <Text size="sm">
      Price shown: {plan.price_shown}; the order is off once it has moved by more than{' '}
      {plan.allowed_drift_bps / 100} %
    </Text>
  )
}

function About({ proposal }: { proposal: Proposal }) {
  return (
    <Section title="About it">
      <Group gap="lg">
        <StateBadge state={proposal.state} />
        {proposal.state === 'waiting' && (
          <Text size="sm" component="div">
            <Countdown until={proposal.expires_at} />
          </Text>
        )}
        <Group gap={4}>
          <Text size="sm">Proposed by</Text>
          <Text size="sm" component="div">
            <Operator id={proposal.proposed_by} />
          </Text>
        </Group>
        <Text size="sm" component="div">
          On <Moment at={proposal.proposed_at} />
        </Text>
        <Text size="sm" component="div">
          Customer <CustomerLink id={proposal.customer_id} />
        </Text>
        {proposal.deliverable_id !== null && (
          <Text size="sm" component="div">
            Draft <DeliverableLink id={proposal.deliverable_id} customerId={proposal.customer_id} />
          </Text>
        )}
        {proposal.price_shown !== null && <Text size="sm">Price shown: {proposal.price_shown}</Text>}
      </Group>
    </Section>
  )
}
