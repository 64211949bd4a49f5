/** The goals of one agent: what it does when, new ones, and their runs. */

import { Anchor, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'

import { Loaded, Page } from '../../ui/Page'
import { GoalList } from '../goals/GoalList'
import { NewGoal } from '../goals/NewGoal'
import { RunList } from '../goals/RunList'
import { usePinnedType } from '../goals/templates'
import { useAgentNames } from '../names'
import { hiredAgentQuery } from '../queries/agents'

export function Goals() {
  const { instance = '' } = useParams({ strict: false }) as { instance?: string }
  const agent = useQuery(hiredAgentQuery(instance))
  const type = usePinnedType(instance)
  const names = useAgentNames()
  const name = agent.data?.nickname ?? names.ofInstance(instance)
  return (
    <Page
      title={name ? `Goals of ${name}` : 'Goals'}
      about={
        agent.data && (
          <WhetherItRuns instanceState={agent.data.state} subscriptionId={agent.data.subscription_id} />
        )
      }
    >
      <Loaded of={agent}>
        {(one) => (
          <Loaded of={type}>
            {({ definition }) => (
              <>
                <GoalList agent={one} templates={definition.goal_templates} />
                <NewGoal agent={one} templates={definition.goal_templates} />
              </>
            )}
          </Loaded>
        )}
      </Loaded>
      <RunList instanceId={instance} />
    </Page>
  )
}

function WhetherItRuns({ instanceState, subscriptionId }: { instanceState: string; subscriptionId: string }) {
  if (instanceState === 'active') return 'Each run drafts; you review what it drafted.'
  if (instanceState === 'paused') return 'The agent is paused: no goal runs until you resume it.'
  return (
    <Text span>
      The agent is not at work yet:{' '}
      <Anchor component={Link} to={`/subscriptions/${subscriptionId}/configure`} underline="always">
        configure it first
      </Anchor>
      .
    </Text>
  )
}
