/** One draft in a list: what it is, whose, how long it lasts, and the way to its review. */

import { Anchor, Badge, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { Countdown } from '../../ui/Countdown'
import { Moment } from '../../ui/Moment'
import { StateBadge } from '../../ui/StateBadge'
import { VisibleText } from '../../ui/VisibleText'
import { visibleWords } from '../../ui/visibleParts'
import type { Deliverable } from '../wire'
import { kindOf, postTextOf, publishesAt, titleOf } from './draftWords'

interface DraftRowProps {
  deliverable: Deliverable
  agentName: string | undefined
  before?: ReactNode
}

export function DraftRow({ deliverable, agentName, before }: DraftRowProps) {
  const text = postTextOf(deliverable)
  const verb = nextStepOf(deliverable)
  return (
    <Paper withBorder p="sm" mb="xs">
      <Group wrap="nowrap" align="flex-start">
        {before}
        <Group flex={1} justify="space-between" gap="xs" miw={0}>
          <Stack gap={4} miw={0} flex="1 1 220px">
            <Anchor
              component={Link}
              to={`/deliverables/${deliverable.deliverable_id}`}
              underline="always"
              fw={600}
              className="anywhere"
            >
              <VisibleText text={titleOf(deliverable)} />
            </Anchor>
            {text !== undefined && (
              <Text size="sm" component="div" lineClamp={2}>
                <VisibleText text={text} />
              </Text>
            )}
            <Group gap="xs">
              <Badge variant="default" tt="none">
                {kindOf(deliverable)}
              </Badge>
              {agentName && (
                <Text size="sm" component="span">
                  <VisibleText text={agentName} />
                </Text>
              )}
              <Standing deliverable={deliverable} />
            </Group>
          </Stack>
          {verb && (
            <Button
              component={Link}
              to={`/deliverables/${deliverable.deliverable_id}`}
              aria-label={`${verb}: ${visibleWords(titleOf(deliverable))}`}
            >
              {verb}
            </Button>
          )}
        </Group>
      </Group>
    </Paper>
  )
}

/** How long a decision has time, or what was decided, and when it goes out by itself. */
function Standing({ deliverable }: { deliverable: Deliverable }) {
  const { state, expires_at: until } = deliverable
  const goesOutAt = publishesAt(deliverable)
  if (state === 'pending_review') {
    return (
      <Text size="sm" component="span">
        <Countdown until={until} />
      </Text>
    )
  }
  return (
    <>
      <StateBadge state={state} />
      {state === 'approved' && goesOutAt !== undefined && (
        <Text size="sm" component="span">
          goes out <Moment at={goesOutAt} />
        </Text>
      )}
    </>
  )
}

/** What is asked of the customer next, if anything is. */
function nextStepOf(deliverable: Deliverable): string | undefined {
  const { state, draft } = deliverable
  if (state === 'pending_review') return draft ? 'Review' : 'Read'
  const isSentByHand = draft !== null && publishesAt(deliverable) === undefined
  return state === 'approved' && isSentByHand ? 'Continue' : undefined
}
