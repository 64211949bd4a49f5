/** One button that pauses every agent that works, and says which did not stop. */

import { Alert, List, Stack, Text } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'

import { ConfirmButton } from '../../ui/ConfirmButton'
import { ProblemNote } from '../../ui/ProblemNote'
import { useAgentNames } from '../names'
import { usePauseAll } from '../queries/agents'
import type { MyAgent } from '../wire'
import { isWorking } from './agentState'

export function StopAll({ items }: { items: readonly MyAgent[] }) {
  const pauseAll = usePauseAll()
  const names = useAgentNames()
  const working = items.filter(isWorking)
  const outcomes = pauseAll.data ?? []
  const failed = outcomes.filter((outcome) => outcome.error)
  return (
    <Stack gap="xs" align="flex-end">
      {(working.length > 0 || pauseAll.isPending) && (
        <ConfirmButton
          label="Stop all my agents"
          question="Stop all your agents?"
          explain={
            <Stack gap="xs">
              <Text>
                Each of these is paused: no goal runs, and nothing of theirs is sent, until you resume it.
                What is already at an exchange or published stays there.
              </Text>
              <List>
                {working.map((item) => (
                  <List.Item key={item.subscription.subscription_id}>{names.ofAgent(item)}</List.Item>
                ))}
              </List>
            </Stack>
          }
          danger
          leftSection={<IconHandStop size={16} aria-hidden />}
          loading={pauseAll.isPending}
          onConfirm={() =>
            pauseAll.mutate(working.flatMap((item) => (item.agent ? [item.agent.hired_instance_id] : [])))
          }
        />
      )}
      {outcomes.length > 0 && (
        <Alert
          color={failed.length > 0 ? 'red' : 'teal'}
          role="status"
          title={stoppedText(outcomes.length, failed.length)}
        >
          {failed.map((outcome) => (
            <div key={outcome.instanceId}>
              <Text fw={600}>{names.ofInstance(outcome.instanceId)} was not stopped:</Text>
              {outcome.error && <ProblemNote error={outcome.error} />}
            </div>
          ))}
        </Alert>
      )}
    </Stack>
  )
}

function stoppedText(all: number, failed: number): string {
  return failed === 0 ? `All ${all} are paused.` : `${all - failed} of ${all} are paused.`
}
