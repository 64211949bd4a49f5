/** Approvals that operators gave, with the consent that they rest on; those not used yet can be revoked. */

import { Stack, Text } from '@mantine/core'

import { ConfirmButton } from '../ui/ConfirmButton'
import { CopyText } from '../ui/CopyText'
import { Countdown } from '../ui/Countdown'
import { Moment } from '../ui/Moment'
import type { useList } from '../ui/Pager'
import { StateBadge } from '../ui/StateBadge'
import { VisibleText } from '../ui/VisibleText'
import { useRevocation } from './approvals'
import { DeliverableLink } from './links'
import { ListTable } from './ListTable'
import { momentColumn, type Column } from '../ui/Rows'
import { useMay } from './may'
import type { Approval } from './queries'
import { Refusal } from './Refusal'

const COLUMNS: readonly Column<Approval>[] = [
  { label: 'Approval', show: (one) => <CopyText text={one.approval_id} short /> },
  { label: 'State', show: (one) => <ApprovalState approval={one} />, minWidth: 140 },
  { label: 'Of', show: (one) => <Of approval={one} /> },
  { label: 'Consent', show: (one) => <ConsentShown approval={one} /> },
  momentColumn('Given', (one) => one.issued_at),
]
const ACT: Column<Approval> = {
  label: 'Act',
  show: (one) => one.status === 'active' && <Revoke approvalId={one.approval_id} />,
}

export function ApprovalTable({ list }: { list: ReturnType<typeof useList<Approval>> }) {
  const mayAct = useMay('operator')
  return (
    <ListTable
      caption="Approvals given by operators"
      list={list}
      keyOf={(one) => one.approval_id}
      columns={mayAct ? [...COLUMNS, ACT] : COLUMNS}
      minWidth={860}
      empty={{ title: 'No operator has approved anything here' }}
    />
  )
}

function ApprovalState({ approval }: { approval: Approval }) {
  return (
    <Stack gap={2} align="flex-start">
      <StateBadge state={approval.status} />
      {approval.status === 'active' && (
        <Text size="sm" component="div">
          <Countdown until={approval.expires_at} />
        </Text>
      )}
      {!approval.delivered && <Text size="sm">on its way to Plant</Text>}
    </Stack>
  )
}

function Of({ approval }: { approval: Approval }) {
  if (approval.deliverable_id === null) return <CopyText text={approval.action_hash} short />
  return <DeliverableLink id={approval.deliverable_id} customerId={approval.customer_id} />
}

function ConsentShown({ approval }: { approval: Approval }) {
  const { consent } = approval.approver
  if (!consent) return <Text size="sm">none recorded</Text>
  return (
    <Text size="sm" component="div">
      <VisibleText text={`${consent.channel}: ${consent.reference}`} />, <Moment at={consent.obtained_at} />
      {consent.note && (
        <div>
          <VisibleText text={consent.note} />
        </div>
      )}
    </Text>
  )
}

function Revoke({ approvalId }: { approvalId: string }) {
  const revoking = useRevocation()
  return (
    <>
      <ConfirmButton
        label="Revoke"
        question="Revoke this approval?"
        explain="What it allows can then not be carried out any more, and its draft is over. Ask the agent for a new one if it is still wanted."
        danger
        size="xs"
        loading={revoking.isPending}
        onConfirm={() => revoking.mutate(approvalId)}
      />
      <Refusal error={revoking.error} />
    </>
  )
}
