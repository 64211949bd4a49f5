/** Approvals that operators gave, with who gave them and the consent they rest on; unused ones can be revoked. */

import { Group, Stack, Text } from '@mantine/core'

import { ConfirmButton } from '../ui/ConfirmButton'
import { CopyText } from '../ui/CopyText'
import { Countdown } from '../ui/Countdown'
import type { useList } from '../ui/Pager'
import { StateBadge } from '../ui/StateBadge'
import { useRevocation } from './approvals'
import { ConsentShown } from './ConsentShown'
import { DeliverableLink } from './links'
import { ListTable } from './ListTable'
import { momentColumn, type Column } from '../ui/Rows'
import { useMay } from './may'
import { Operator } from './Operator'
import type { Approval } from './queries'
import { Refusal } from './Refusal'

const COLUMNS: readonly Column<Approval>[] = [
  { label: 'Approval', show: (one) => <CopyText text={one.approval_id} short /> },
  { label: 'State', show: (one) => <ApprovalState approval={one} />, minWidth: 140 },
  { label: 'Of', show: (one) => <Of approval={one} /> },
  { label: 'Consent', show: (one) => <ConsentShown consent={one.approver.consent} /> },
  { label: 'By', show: (one) => <By approval={one} /> },
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
      minWidth={960}
      empty={{ title: 'No operator has approved anything here' }}
    />
  )
}

export function ApprovalState({ approval }: { approval: Approval }) {
  return (
    <Stack gap={2} align="flex-start">
      <StateBadge state={approval.status} />
      {approval.status === 'active' && (
        <Text size="sm" component="div">
          <Countdown until={approval.expires_at} />
        </Text>
      )}
      {!approval.delivered && (
        <Text size="sm">{approval.status === 'active' ? 'on its way to Plant' : 'not taken by Plant'}</Text>
      )}
    </Stack>
  )
}

function Of({ approval }: { approval: Approval }) {
  if (approval.deliverable_id === null) return <CopyText text={approval.action_hash} short />
  return <DeliverableLink id={approval.deliverable_id} customerId={approval.customer_id} />
}

function By({ approval }: { approval: Approval }) {
  const { id, confirmed_by: second } = approval.approver
  return (
    <Stack gap={2}>
      <Operator id={id} />
      {second && (
        <Group gap={4}>
          <Text size="sm">confirmed by</Text>
          <Operator id={second} />
        </Group>
      )}
    </Stack>
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
