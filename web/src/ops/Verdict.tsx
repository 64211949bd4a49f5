/** What was decided: by icon and in words. */

import { Group, Text } from '@mantine/core'
import { IconBan, IconCircleCheck } from '@tabler/icons-react'

export function Verdict({ verdict, words }: { verdict: string; words: string }) {
  const Icon = verdict === 'deny' ? IconBan : IconCircleCheck
  return (
    <Group gap={6} wrap="nowrap">
      <Icon size={18} aria-hidden style={{ flexShrink: 0 }} />
      <Text size="sm" fw={verdict === 'deny' ? 600 : 400}>
        {words}
      </Text>
    </Group>
  )
}
