/** One run of a goal: what it did, step by step, what it drafted, and why if it failed. */

import { Alert, Anchor, Loader, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'

import { Moment } from '../../ui/Moment'
import { Loaded, Page } from '../../ui/Page'
import { inWords, StateBadge } from '../../ui/StateBadge'
import { RunSteps } from '../goals/RunSteps'
import { useTemplateNames } from '../goals/templates'
import { useAgentNames } from '../names'
import { deliverablesQuery } from '../queries/deliverables'
import { goalsQuery, runQuery } from '../queries/goals'
import { DraftRow } from '../review/DraftRow'
import type { GoalRun as Run } from '../wire'

const LOOKED_THROUGH = 200
const LOOK_EVERY_MS = 1_500

export function GoalRun() {
  const { instance = '', run: runId = '' } = useParams({ strict: false }) as {
    instance?: string
    run?: string
  }
  const run = useQuery({
    ...runQuery(instance, runId),
    refetchInterval: ({ state }) => (state.data?.state === 'queued' ? LOOK_EVERY_MS : false),
  })
  const goals = useQuery(goalsQuery(instance)).data?.items ?? []
  const nameOf = useTemplateNames(instance)
  const names = useAgentNames()
  const goal = goals.find((one) => one.goal_id === run.data?.goal_id)
  return (
    <Page
      title={goal ? nameOf(goal.template_id) : 'Goal run'}
      about={names.ofInstance(instance)}
      actions={run.data && <StateBadge state={run.data.state} />}
    >
      <Loaded of={run}>
        {(one) => (
          <>
            <WhatHappened run={one} />
            {one.state === 'done' && <Drafted run={one} />}
            <RunSteps trace={one.trace} />
          </>
        )}
      </Loaded>
      <Anchor component={Link} to={`/agents/${instance}/goals`} underline="always">
        Goals of this agent
      </Anchor>
    </Page>
  )
}

const MEANINGS: Record<Run['state'], string> = {
  queued: 'It is under way.',
  done: 'It is done.',
  failed: 'It could not be done, and would not do better as things are.',
  dead: 'It failed each time it was tried. The operators see it and can run it again.',
  missed: 'It was due while nothing ran, too long ago to be made up.',
}

function WhatHappened({ run }: { run: Run }) {
  return (
    <Stack gap="xs" role="status">
      <Text>
        {run.state === 'queued' && <Loader size="xs" mr="xs" aria-hidden />}
        {MEANINGS[run.state]} Due <Moment at={run.due_at} />
        {run.attempts > 1 && `, tried ${run.attempts} times`}.
      </Text>
      {run.error && (
        <Alert color="red" icon={<IconAlertTriangle />} title={inWords(run.error.split(':')[0] ?? '')}>
          {run.error.includes(':') ? run.error.slice(run.error.indexOf(':') + 1).trim() : run.error}
        </Alert>
      )}
    </Stack>
  )
}

function Drafted({ run }: { run: Run }) {
  const found = useQuery(deliverablesQuery({ instanceId: run.hired_instance_id, limit: LOOKED_THROUGH }))
  const names = useAgentNames()
  return (
    <Stack component="section" gap="xs" aria-labelledby="drafted">
      <Title order={2} size="h3" id="drafted">
        What it drafted
      </Title>
      <Loaded of={found}>
        {({ items }) => {
          const own = items.filter((one) => one.goal_run_id === run.run_id)
          if (own.length === 0) return <Text>There was nothing to draft.</Text>
          return (
            <div>
              {own.map((one) => (
                <DraftRow
                  key={one.deliverable_id}
                  deliverable={one}
                  agentName={names.ofInstance(one.hired_instance_id)}
                />
              ))}
            </div>
          )
        }}
      </Loaded>
    </Stack>
  )
}
