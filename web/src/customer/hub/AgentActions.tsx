/** What can be done with an agent: configure it, set goals, pause and resume it, end its subscription. */

import { Button, Group, Stack } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconSettings, IconTargetArrow } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { ConfirmButton } from '../../ui/ConfirmButton'
import { ProblemNote } from '../../ui/ProblemNote'
import { useCancelSubscription, useSetPaused } from '../queries/agents'
import type { MyAgent } from '../wire'
import { isEnded } from './agentState'

export function AgentActions({ item }: { item: MyAgent }) {
  const cancel = useCancelSubscription()
  const setPaused = useSetPaused()
  const { subscription, agent } = item
  if (isEnded(item)) return null
  const error = cancel.error ?? setPaused.error
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button
          component={Link}
          to={`/subscriptions/${subscription.subscription_id}/configure`}
          variant="default"
          leftSection={<IconSettings size={16} aria-hidden />}
        >
          Configure
        </Button>
        {agent && (
          <Button
            component={Link}
            to={`/agents/${agent.hired_instance_id}/goals`}
            variant="default"
            leftSection={<IconTargetArrow size={16} aria-hidden />}
          >
            Goals
          </Button>
        )}
        {agent && agent.state !== 'draft' && (
          <Button
            variant="default"
            leftSection={
              agent.state === 'paused' ? (
                <IconPlayerPlay size={16} aria-hidden />
              ) : (
                <IconPlayerPause size={16} aria-hidden />
              )
            }
            loading={setPaused.isPending}
            onClick={() =>
              setPaused.mutate({ instanceId: agent.hired_instance_id, paused: agent.state === 'active' })
            }
          >
            {agent.state === 'paused' ? 'Resume' : 'Pause'}
          </Button>
        )}
        {subscription.ends_at === null && (
          <ConfirmButton
            label="Cancel subscription"
            question="Cancel this subscription?"
            explain={`The agent works on until the end of the period that runs${
              subscription.trial_ends_at ? ' (the last day of the trial)' : ''
            }. Then it stops, can still be read for a while, and is removed. This cannot be taken back.`}
            danger
            loading={cancel.isPending}
            onConfirm={() => cancel.mutate(subscription.subscription_id)}
          />
        )}
      </Group>
      {error && <ProblemNote error={error} />}
    </Stack>
  )
}
