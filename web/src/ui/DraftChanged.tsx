/** Said when a draft was replaced while somebody was looking at it. */

import { Alert, Button, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

interface DraftChangedProps {
  advice: string
  onRead: () => void
}

export function DraftChanged({ advice, onRead }: DraftChangedProps) {
  return (
    <Alert
      color="orange"
      role="alert"
      icon={<IconAlertTriangle />}
      title="The draft changed while you were here; this is the new one"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{advice}</Text>
        <Button size="xs" variant="default" onClick={onRead}>
          I have read the new one
        </Button>
      </Stack>
    </Alert>
  )
}
