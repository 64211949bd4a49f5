/** The exact action, the approvals there are of it, and, while it waits, approving it with the customer's consent. */

import { Anchor, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { ConfirmButton } from '../ui/ConfirmButton'
import { Countdown } from '../ui/Countdown'
import { DoneNote } from '../ui/DoneNote'
import { ExactAction } from '../ui/ExactAction'
import { useList } from '../ui/Pager'
import { hiddenOf } from '../ui/visibleParts'
import { useAssistedApproval, useCarryOut, type AssistedMutation } from './approvals'
import { ApprovalTable } from './ApprovalTable'
import { ConsentForm } from './ConsentForm'
import { useMay } from './may'
import { Operator } from './Operator'
import { waitingProposals, type Proposal } from './proposals'
import { approvalsPage, type Approval, type Deliverable } from './queries'
import { Refusal } from './Refusal'
import { Section } from './Section'

interface AssistedApprovalProps {
  deliverable: Deliverable
  draft: NonNullable<Deliverable['draft']>
}

export function AssistedApproval({ deliverable, draft }: AssistedApprovalProps) {
  const [shownHash, setShownHash] = useState<string>()
  const approving = useAssistedApproval()
  const { deliverable_id: id, customer_id: customerId } = deliverable
  const approvals = useList(
    ['approvals', { customerId, id }],
    approvalsPage({ customer_id: customerId, deliverable_id: id }),
  )
  const active = approvals.items.find((one) => one.status === 'active')
  return (
    <>
      <Section title="What would be signed">
        <ExactAction
          action={draft.action}
          actionHash={draft.action_hash}
          hidden={hiddenOf(deliverable.body)}
          onShown={setShownHash}
        />
      </Section>
      <Section
        title="Approvals by operators"
        about="The customer’s own approvals are in the customer portal."
      >
        <ApprovalTable list={approvals} />
        {active && active.approval_id === approving.data?.approval_id && (
          <DoneNote title="Approved with the customer’s consent" />
        )}
        {active && <CarryOut deliverable={deliverable} approval={active} />}
      </Section>
      {!active && approvals.query.isSuccess && (
        <NotApprovedYet deliverable={deliverable} shownHash={shownHash} approving={approving} />
      )}
    </>
  )
}

function CarryOut({ deliverable, approval }: { deliverable: Deliverable; approval: Approval }) {
  const mayAct = useMay('operator')
  const carrying = useCarryOut()
  if (deliverable.scheduled_for) return <Text size="sm">It goes out by itself at its time.</Text>
  return (
    <>
      {mayAct && (
        <Group>
          <ConfirmButton
            label="Carry it out"
            question="Carry it out now?"
            explain="Exactly what is shown here is sent, once; the approval is used up by it."
            variant="filled"
            loading={carrying.isPending}
            onConfirm={() =>
              carrying.mutate({
                deliverableId: deliverable.deliverable_id,
                customerId: deliverable.customer_id,
                approvalId: approval.approval_id,
              })
            }
          />
        </Group>
      )}
      <Refusal error={carrying.error} />
    </>
  )
}

interface ApprovingProps {
  deliverable: Deliverable
  shownHash: string | undefined
  approving: AssistedMutation
}

/** Where one operator is not enough, what they want to approve waits for another. */
function NotApprovedYet(props: ApprovingProps) {
  const { deliverable, approving } = props
  const proposals = useQuery(waitingProposals({ deliverable_id: deliverable.deliverable_id }))
  if (proposals.data === undefined) return <Refusal error={proposals.error} />
  const [waiting] = proposals.data.items
  if (waiting === undefined) return <Approving {...props} isProposal={proposals.data.four_eyes} />
  const made = approving.data
  const isNew = made !== undefined && 'proposal_id' in made && made.proposal_id === waiting.proposal_id
  return <WaitsForSecond proposal={waiting} isNew={isNew} />
}

function WaitsForSecond({ proposal, isNew }: { proposal: Proposal; isNew: boolean }) {
  return (
    <Section title="It waits for a second operator" about="Nothing is signed until another one confirms it.">
      {isNew && <DoneNote title="Proposed to a second operator" />}
      <Group gap={4}>
        <Text size="sm">Proposed by</Text>
        <Operator id={proposal.proposed_by} />
      </Group>
      <Text size="sm" component="div">
        <Countdown until={proposal.expires_at} />
      </Text>
      <Anchor
        component={Link}
        to="/approval-proposals/$id"
        params={{ id: proposal.proposal_id } as never}
        underline="always"
        size="sm"
      >
        Look at the proposal
      </Anchor>
    </Section>
  )
}

function Approving({
  deliverable,
  shownHash,
  approving,
  isProposal,
}: ApprovingProps & { isProposal: boolean }) {
  const mayApprove = useMay('operator')
  if (deliverable.state !== 'pending_review') {
    return <Refusal error={approving.error} />
  }
  return (
    <Section
      title="Approve with the customer’s consent"
      about="Ask the customer first; read the action to them."
    >
      {mayApprove ? (
        <ConsentForm
          shownHash={shownHash}
          isProposal={isProposal}
          isLoading={approving.isPending}
          onApprove={(hash, consent) =>
            approving.mutate({
              deliverableId: deliverable.deliverable_id,
              customerId: deliverable.customer_id,
              shownHash: hash,
              consent,
            })
          }
        />
      ) : (
        <Text size="sm">Viewers cannot approve; ask an operator.</Text>
      )}
      <Refusal error={approving.error} />
    </Section>
  )
}
