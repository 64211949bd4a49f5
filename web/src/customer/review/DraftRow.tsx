/** One draft in a list: what it is, whose, how long it lasts, and the way to its review. */

import { Anchor, Badge, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { Countdown } from '../../ui/Countdown'
import { StateBadge } from '../../ui/StateBadge'
import { VisibleText } from '../../ui/VisibleText'
import type { Deliverable } from '../wire'
import { kindOf, postTextOf, titleOf } from './draftWords'

interface DraftRowProps {
  deliverable: Deliverable
  agentName: string | undefined
  before?: ReactNode
}

export function DraftRow({ deliverable, agentName, before }: DraftRowProps) {
  const isWaiting = deliverable.state === 'pending_review'
  const text = postTextOf(deliverable)
  const verb = deliverable.draft ? 'Review' : 'Read'
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
              {agentName && <Text size="sm">{agentName}</Text>}
              {isWaiting ? (
                <Text size="sm" component="span">
                  <Countdown until={deliverable.expires_at} />
                </Text>
              ) : (
                <StateBadge state={deliverable.state} />
              )}
            </Group>
          </Stack>
          {isWaiting && (
            <Button
              component={Link}
              to={`/deliverables/${deliverable.deliverable_id}`}
              aria-label={`${verb}: ${titleOf(deliverable)}`}
            >
              {verb}
            </Button>
          )}
        </Group>
      </Group>
    </Paper>
  )
}
