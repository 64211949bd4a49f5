/** All agents side by side, to choose from. */

import { Group, Paper, SimpleGrid, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'

import { StateBadge } from '../../ui/StateBadge'
import { useAgentNames } from '../names'
import type { MyAgent } from '../wire'
import { stateOf } from './agentState'

interface AgentCardsProps {
  items: readonly MyAgent[]
  selected: string | null
}

export function AgentCards({ items, selected }: AgentCardsProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
      {items.map((item) => (
        <AgentCard
          key={item.subscription.subscription_id}
          item={item}
          isSelected={item.subscription.subscription_id === selected}
        />
      ))}
    </SimpleGrid>
  )
}

function AgentCard({ item, isSelected }: { item: MyAgent; isSelected: boolean }) {
  const names = useAgentNames()
  const navigate = useNavigate()
  const waiting = item.agent?.drafts_waiting ?? 0
  return (
    <UnstyledButton
      aria-pressed={isSelected}
      onClick={() =>
        void navigate({ to: '/', search: { agent: item.subscription.subscription_id } as never })
      }
    >
      <Paper
        withBorder
        p="md"
        h="100%"
        bd={isSelected ? '2px solid var(--mantine-primary-color-filled)' : undefined}
      >
        <Group wrap="nowrap" justify="space-between">
          <Stack gap="xs" miw={0}>
            <Text fw={600} className="anywhere">
              {names.ofAgent(item)}
            </Text>
            <Group gap="xs">
              <StateBadge state={stateOf(item)} />
              <Text size="sm">{waiting === 1 ? '1 draft waits' : `${waiting} drafts wait`}</Text>
            </Group>
          </Stack>
          <IconChevronRight size={18} aria-hidden />
        </Group>
      </Paper>
    </UnstyledButton>
  )
}
