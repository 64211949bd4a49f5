/** After a press that was not answered: what the page found when it looked again. */

import { Alert } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'

import { ProblemError } from '../../api/problem'
import { inWords } from '../../ui/StateBadge'
import type { DeliverableState } from '../wire'

const FOUND: Partial<Record<DeliverableState, string>> = {
  pending_review: 'It still waits for your decision: nothing was done.',
  approved: 'It is approved, and was not executed yet.',
  executing: 'It is being executed.',
  executed: 'It was executed, once.',
  rejected: 'It is rejected.',
  expired: 'It has expired.',
}

export function TruthNote({ error, state }: { error: Error; state: DeliverableState }) {
  if (!(error instanceof ProblemError) || !error.isUnanswered) return null
  return (
    <Alert
      color="blue"
      role="status"
      icon={<IconInfoCircle />}
      title="No answer came, so the page looked again"
    >
      {FOUND[state] ?? `Its state is: ${inWords(state)}.`}
    </Alert>
  )
}
