/** My Agents: what waits for the customer, all agents, and the selected one with what can be done. */

import { Button, Group, Stack, Title } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { Empty, Loaded, Page } from '../../ui/Page'
import { AgentCards } from '../hub/AgentCards'
import { AgentDetail } from '../hub/AgentDetail'
import { StopAll } from '../hub/StopAll'
import { WaitingDrafts } from '../hub/WaitingDrafts'
import { useChosenAgent } from '../names'
import { myAgentsQuery } from '../queries/agents'
import type { MyAgent } from '../wire'

export function MyAgents() {
  const chosen = useChosenAgent()
  const agents = useQuery(myAgentsQuery(chosen))
  return (
    <Page
      title="My Agents"
      about="They draft; nothing leaves before you approve exactly that."
      actions={<StopAll items={agents.data?.items ?? []} />}
    >
      <WaitingDrafts />
      <Loaded of={agents} empty={{ when: ({ items }) => items.length === 0, show: <NoAgents /> }}>
        {({ items, selected }) => <Agents items={items} selected={selected} />}
      </Loaded>
    </Page>
  )
}

function Agents({ items, selected }: { items: readonly MyAgent[]; selected: string | null }) {
  const item = items.find(({ subscription }) => subscription.subscription_id === selected)
  return (
    <>
      <Stack component="section" gap="xs" aria-labelledby="agents">
        <Group justify="space-between">
          <Title order={2} size="h3" id="agents">
            Agents
          </Title>
          <Button
            component={Link}
            to="/hire"
            variant="default"
            leftSection={<IconUserPlus size={16} aria-hidden />}
          >
            Hire another
          </Button>
        </Group>
        <AgentCards items={items} selected={selected} />
      </Stack>
      {item && <AgentDetail key={item.subscription.subscription_id} item={item} />}
    </>
  )
}

function NoAgents() {
  return (
    <Empty title="You have no agent yet">
      <Button component={Link} to="/hire">
        Hire your first agent
      </Button>
    </Empty>
  )
}
