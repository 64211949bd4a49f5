/** The decision on a draft: approve exactly what is shown, or reject it and say why. */

import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useState } from 'react'

import { ConfirmButton } from '../../ui/ConfirmButton'
import { Countdown } from '../../ui/Countdown'
import { Moment } from '../../ui/Moment'
import { ProblemNote } from '../../ui/ProblemNote'
import { SECOND, useNow } from '../../ui/useNow'
import { useApprove, useDecide } from '../queries/deliverables'
import type { Deliverable } from '../wire'
import { publishesAt } from './draftWords'
import { TruthNote } from './TruthNote'

interface DecisionProps {
  deliverable: Deliverable
  /** The hash that this browser computed of what is on the page; none as long as it is not the one to be signed. */
  shownHash: string | undefined
  onOver: () => void
}

export function Decision({ deliverable, shownHash, onOver }: DecisionProps) {
  const approve = useApprove()
  const reject = useDecide()
  const isOver = useNow(SECOND) >= Date.parse(deliverable.expires_at)
  const error = approve.error ?? reject.error
  const isBusy = approve.isPending || reject.isPending
  const isReady = shownHash !== undefined && !isOver && !isBusy

  function submit() {
    if (shownHash === undefined) return
    reject.reset()
    approve.mutate({ deliverable_id: deliverable.deliverable_id, action_hash: shownHash })
  }

  return (
    <Stack>
      <Text component="div">
        This draft <Countdown until={deliverable.expires_at} onOver={onOver} />.
      </Text>
      <WhatFollows deliverable={deliverable} />
      {shownHash === undefined && !isOver && (
        <Text size="sm">
          It can be approved once this page has checked that it shows exactly what is signed.
        </Text>
      )}
      {isOver && (
        <Alert color="orange" title="This draft has expired">
          Run its goal again for a fresh one.
        </Alert>
      )}
      {error && <TruthNote error={error} state={deliverable.state} />}
      {error && <ProblemNote error={error} />}
      <Group>
        <Button
          size="md"
          leftSection={<IconCheck size={18} aria-hidden />}
          disabled={!isReady}
          loading={approve.isPending}
          onClick={submit}
        >
          Approve
        </Button>
        <RejectButton
          isBusy={isBusy}
          onReject={(notes) => {
            approve.reset()
            reject.mutate({ deliverable, decision: 'rejected', notes })
          }}
        />
      </Group>
    </Stack>
  )
}

function WhatFollows({ deliverable }: { deliverable: Deliverable }) {
  const at = publishesAt(deliverable)
  if (at !== undefined) {
    return (
      <Text size="sm">
        Once approved it goes out by itself: <Moment at={at} />. Until then you can take the approval back.
      </Text>
    )
  }
  return <Text size="sm">Approving sends nothing yet: you press Execute afterwards.</Text>
}

const LONGEST_NOTES = 500

function RejectButton({
  isBusy,
  onReject,
}: {
  isBusy: boolean
  onReject: (notes: string | undefined) => void
}) {
  const [notes, setNotes] = useState('')
  return (
    <ConfirmButton
      label="Reject"
      question="Reject this draft?"
      explain="It is not sent, and cannot be approved any more."
      danger
      size="md"
      disabled={isBusy}
      onConfirm={() => onReject(notes.trim() || undefined)}
    >
      <Textarea
        label="Why (kept with the record)"
        value={notes}
        maxLength={LONGEST_NOTES}
        autosize
        minRows={2}
        onChange={(event) => setNotes(event.currentTarget.value)}
      />
    </ConfirmButton>
  )
}
