/** What became of a proposal: who decided it and when, and, where it was confirmed, how the approval stands now. */

import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { CopyText } from '../ui/CopyText'
import { DoneNote } from '../ui/DoneNote'
import { Moment } from '../ui/Moment'
import { Loaded } from '../ui/Page'
import { VisibleText } from '../ui/VisibleText'
import { ApprovalState } from './ApprovalTable'
import { Operator, useIsMe } from './Operator'
import type { Proposal } from './proposals'
import { approvalQuery } from './queries'
import { Section } from './Section'

interface ProposalOutcomeProps {
  proposal: Proposal
  /** It was decided while this page was open. */
  isNew: boolean
}

export function ProposalOutcome({ proposal, isNew }: ProposalOutcomeProps) {
  const { decided_by: decidedBy, decided_at: decidedAt } = proposal
  const isMine = useIsMe(decidedBy ?? '')
  if (decidedBy === null || decidedAt === null) return <NotDecided />
  const [title, mine] = wordsOf(proposal)
  return (
    <Section title={title}>
      {isNew && isMine && <DoneNote title={mine} />}
      <Group gap="xs">
        <Text size="sm">By</Text>
        <Text size="sm" component="div">
          <Operator id={decidedBy} />
        </Text>
        <Text size="sm" component="div">
          on <Moment at={decidedAt} />
        </Text>
      </Group>
      {proposal.decline_notes && (
        <Text size="sm" component="div">
          <VisibleText text={proposal.decline_notes} />
        </Text>
      )}
      {proposal.approval_id !== null && <ItsApproval id={proposal.approval_id} />}
    </Section>
  )
}

function NotDecided() {
  return (
    <Section title="Nobody decided it in time">
      <Text size="sm">Nothing was signed. It can be proposed again.</Text>
    </Section>
  )
}

function wordsOf({ state, decided_by, proposed_by }: Proposal): [title: string, mine: string] {
  if (state === 'confirmed') return ['Confirmed', 'You confirmed it']
  return decided_by === proposed_by ? ['Withdrawn', 'You withdrew it'] : ['Declined', 'You declined it']
}

function ItsApproval({ id }: { id: string }) {
  const approval = useQuery(approvalQuery(id))
  return (
    <>
      <Group gap="xs">
        <Text size="sm">Approval</Text>
        <CopyText text={id} short />
      </Group>
      <Loaded of={approval}>{(one) => <ApprovalState approval={one} />}</Loaded>
    </>
  )
}
