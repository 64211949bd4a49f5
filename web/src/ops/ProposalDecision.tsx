/** Confirming what another operator proposed, declining it, or withdrawing one's own. */

import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'

import { ConfirmButton } from '../ui/ConfirmButton'
import { useMay } from './may'
import { useIsMe } from './Operator'
import { useDecline, type Confirmation, type Proposal } from './proposals'
import { ReasonDialog } from './ReasonDialog'
import { Refusal } from './Refusal'
import { Section } from './Section'

interface ProposalDecisionProps {
  proposal: Proposal
  /** The hash of what is on the page, once it is all there and proved to be what would be signed. */
  shownHash: string | undefined
  confirming: Confirmation
}

export function ProposalDecision(props: ProposalDecisionProps) {
  const mayDecide = useMay('operator')
  const isOwn = useIsMe(props.proposal.proposed_by)
  if (!mayDecide) {
    return (
      <Section title="To be decided">
        <Text size="sm">Viewers cannot confirm; ask an operator.</Text>
      </Section>
    )
  }
  return isOwn ? <Withdrawing proposal={props.proposal} /> : <Deciding {...props} />
}

function Withdrawing({ proposal }: { proposal: Proposal }) {
  const declining = useDecline()
  return (
    <Section title="You proposed it" about="Another operator must look at it and confirm it; you cannot.">
      <Group>
        <ConfirmButton
          label="Withdraw it"
          question="Withdraw this proposal?"
          explain="Nothing is signed. It can be proposed again."
          loading={declining.isPending}
          onConfirm={() => declining.mutate({ proposalId: proposal.proposal_id })}
        />
      </Group>
      <Refusal error={declining.error} />
    </Section>
  )
}

function Deciding({ proposal, shownHash, confirming }: ProposalDecisionProps) {
  return (
    <Section
      title="Confirm or decline"
      about="Read the action and the consent as if you approved it yourself: your name is signed beside the first."
    >
      {shownHash === undefined && (
        <Text size="sm">
          Confirming is offered once the page shows all that would be signed, and has proved it.
        </Text>
      )}
      <Group>
        <ConfirmButton
          label="Confirm for the customer"
          question="Confirm exactly this, for the customer?"
          explain="It is signed with both operators' names and the evidence above, and all of it stays on record. It can be revoked until it is used."
          variant="filled"
          disabled={shownHash === undefined}
          isReady={shownHash !== undefined}
          loading={confirming.isPending}
          onConfirm={() =>
            shownHash !== undefined && confirming.mutate({ proposalId: proposal.proposal_id, shownHash })
          }
        />
        <Declining proposal={proposal} />
      </Group>
    </Section>
  )
}

function Declining({ proposal }: { proposal: Proposal }) {
  const [isOpen, { open, close }] = useDisclosure()
  const declining = useDecline()
  return (
    <>
      <Button variant="default" onClick={open} aria-haspopup="dialog">
        Decline …
      </Button>
      <ReasonDialog
        title="Decline this proposal?"
        explain="Nothing is signed. The first operator sees the reason, and can propose it again."
        action="Decline"
        isOpen={isOpen}
        isLoading={declining.isPending}
        error={declining.error}
        onClose={() => {
          close()
          declining.reset()
        }}
        onConfirm={(notes) =>
          declining.mutate({ proposalId: proposal.proposal_id, notes }, { onSuccess: close })
        }
      />
    </>
  )
}
