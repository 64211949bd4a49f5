/** The exact action, the approvals there are of it, and, while it waits, approving it with the customer's consent. */

import { Group, Text } from '@mantine/core'
import { useState } from 'react'

import { ConfirmButton } from '../ui/ConfirmButton'
import { ExactAction } from '../ui/ExactAction'
import { useList } from '../ui/Pager'
import { hiddenOf } from '../ui/visibleParts'
import { useAssistedApproval, useCarryOut } from './approvals'
import { ApprovalTable } from './ApprovalTable'
import { ConsentForm } from './ConsentForm'
import { useMay } from './may'
import { approvalsPage, type Approval, type Deliverable } from './queries'
import { Refusal } from './Refusal'
import { Section } from './Section'

interface AssistedApprovalProps {
  deliverable: Deliverable
  draft: NonNullable<Deliverable['draft']>
}

export function AssistedApproval({ deliverable, draft }: AssistedApprovalProps) {
  const [shownHash, setShownHash] = useState<string>()
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
        {active && <CarryOut deliverable={deliverable} approval={active} />}
      </Section>
      {!active && approvals.query.isSuccess && <Approving deliverable={deliverable} shownHash={shownHash} />}
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

function Approving({ deliverable, shownHash }: { deliverable: Deliverable; shownHash: string | undefined }) {
  const mayApprove = useMay('operator')
  const approving = useAssistedApproval()
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
