/** What can be done with a deliverable in its state: decide, carry out, or see what came of it. */

import { Anchor, Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { Loaded } from '../../ui/Page'
import { VisibleText } from '../../ui/VisibleText'
import { ExecutionView } from '../executions/ExecutionView'
import { executionQuery } from '../queries/evidence'
import type { Approval, Deliverable } from '../wire'
import { ApprovedCard } from './ApprovedCard'
import { Decision } from './Decision'

interface WhatNowProps {
  deliverable: Deliverable
  approval: Approval | null | undefined
  shownHash: string | undefined
  isCertain: boolean
  onLookAgain: () => void
}

export function WhatNow({ deliverable, approval, shownHash, isCertain, onLookAgain }: WhatNowProps) {
  if (!isCertain) return <NotCertain onLookAgain={onLookAgain} />
  if (deliverable.execution_id !== null) {
    return <Executed executionId={deliverable.execution_id} approval={approval} />
  }
  if (deliverable.state === 'pending_review') {
    return <Decision deliverable={deliverable} shownHash={shownHash} onOver={onLookAgain} />
  }
  return (
    <Stack>
      {approval && <ApprovedCard deliverable={deliverable} approval={approval} onOver={onLookAgain} />}
      <LastMove deliverable={deliverable} />
    </Stack>
  )
}

function NotCertain({ onLookAgain }: { onLookAgain: () => void }) {
  return (
    <Stack align="flex-start">
      <Text>
        The portal does not say what the state of this draft is, so nothing can be decided here now.
      </Text>
      <Button variant="default" onClick={onLookAgain}>
        Look again
      </Button>
    </Stack>
  )
}

function Executed({ executionId, approval }: { executionId: string; approval: Approval | null | undefined }) {
  const execution = useQuery(executionQuery(executionId))
  return (
    <Loaded of={execution}>
      {(one) => (
        <Stack>
          <ExecutionView execution={one} approval={approval} />
          <Anchor component={Link} to={`/executions/${executionId}`} underline="always">
            The page of this execution
          </Anchor>
        </Stack>
      )}
    </Loaded>
  )
}

function LastMove({ deliverable }: { deliverable: Deliverable }) {
  const last = deliverable.transitions.at(-1)
  if (deliverable.state === 'approved' || !last?.notes) return null
  return (
    <Text component="div">
      <VisibleText text={last.notes} />
    </Text>
  )
}
