/** Somebody changed the configuration meanwhile: what differs, and whose version shall stand. */

import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

import type { FormObject } from '../../ui/SchemaForm'
import { VisibleText } from '../../ui/VisibleText'
import type { HiredAgent } from '../wire'

interface ConflictNoteProps {
  mine: FormObject
  stored: HiredAgent
  onKeepMine: () => void
  onTakeStored: () => void
}

export function ConflictNote({ mine, stored, onKeepMine, onTakeStored }: ConflictNoteProps) {
  const fields = differing(mine, stored.config)
  return (
    <Alert
      color="orange"
      role="alert"
      icon={<IconAlertTriangle />}
      title="This configuration was changed somewhere else while you typed"
    >
      <Stack gap="xs">
        <Text size="sm">What you typed is still here, and nothing of it is saved. It differs in:</Text>
        <List size="sm">
          {fields.map((field) => (
            <List.Item key={field}>
              {field}: stored is <VisibleText text={textOf(stored.config[field])} />, yours is{' '}
              <VisibleText text={textOf(mine[field])} />
            </List.Item>
          ))}
        </List>
        <Group>
          <Button size="xs" onClick={onKeepMine}>
            Save mine
          </Button>
          <Button size="xs" variant="default" onClick={onTakeStored}>
            Take what is stored
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

function differing(one: FormObject, other: FormObject): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]))
}

function textOf(value: unknown): string {
  if (value === undefined) return 'empty'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
