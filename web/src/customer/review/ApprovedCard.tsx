/** What an approval is good for: its state and time, carrying it out, taking it back. */

import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'

import { ConfirmButton } from '../../ui/ConfirmButton'
import { Countdown } from '../../ui/Countdown'
import { Moment } from '../../ui/Moment'
import { ProblemNote } from '../../ui/ProblemNote'
import { StateBadge } from '../../ui/StateBadge'
import { SECOND, useNow } from '../../ui/useNow'
import { useExecute, useRevoke } from '../queries/deliverables'
import type { Approval, Deliverable } from '../wire'
import { publishesAt } from './draftWords'
import { TruthNote } from './TruthNote'

interface ApprovedCardProps {
  deliverable: Deliverable
  approval: Approval
  onOver: () => void
}

export function ApprovedCard({ deliverable, approval, onOver }: ApprovedCardProps) {
  const execute = useExecute()
  const revoke = useRevoke()
  const isOver = useNow(SECOND) >= Date.parse(approval.expires_at)
  const isActive = approval.status === 'active' && !isOver && deliverable.state === 'approved'
  const goesOutAt = publishesAt(deliverable)
  const isBusy = execute.isPending || revoke.isPending
  const error = execute.error ?? revoke.error
  return (
    <Stack>
      <Group gap="xs">
        <Text>
          Approval of <Moment at={approval.issued_at} />
        </Text>
        <StateBadge state={approval.status} />
      </Group>
      {isActive && (
        <Text component="div">
          The approval <Countdown until={approval.expires_at} onOver={onOver} />.
        </Text>
      )}
      {isActive && goesOutAt !== undefined && (
        <Text>
          It goes out by itself: <Moment at={goesOutAt} />.
        </Text>
      )}
      {isActive && !approval.delivered && (
        <Alert color="orange" title="Not at the execution side yet">
          The approval is kept and is delivered again by itself; in a moment it can be used.
        </Alert>
      )}
      {error && <TruthNote error={error} state={deliverable.state} />}
      {error && <ProblemNote error={error} />}
      {isActive && (
        <Group>
          {goesOutAt === undefined && (
            <Button
              size="md"
              leftSection={<IconSend size={18} aria-hidden />}
              loading={execute.isPending}
              disabled={isBusy}
              onClick={() => {
                revoke.reset()
                execute.mutate({
                  deliverableId: deliverable.deliverable_id,
                  approvalId: approval.approval_id,
                })
              }}
            >
              {deliverable.kind === 'post' ? 'Publish now' : 'Execute now'}
            </Button>
          )}
          <ConfirmButton
            label="Revoke"
            question="Take the approval back?"
            explain="Nothing is sent by this approval any more. The draft cannot be approved a second time."
            danger
            size="md"
            loading={revoke.isPending}
            disabled={isBusy}
            onConfirm={() => {
              execute.reset()
              revoke.mutate(approval.approval_id)
            }}
          />
        </Group>
      )}
    </Stack>
  )
}
