/** One connected account: what is known of it, a test of it, replacing its key, and taking it away. */

import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import type { UseMutationResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import { ConfirmButton } from '../../ui/ConfirmButton'
import { Moment } from '../../ui/Moment'
import { ProblemNote } from '../../ui/ProblemNote'

interface ConnectedCardProps {
  name: string
  credentialRef: string
  lastUsedAt: string | null
  children: ReactNode
  test: UseMutationResult<{ ok: boolean; detail: string }, Error, string>
  remove: UseMutationResult<unknown, Error, string>
  onChange: () => void
}

export function ConnectedCard({
  name,
  credentialRef,
  lastUsedAt,
  children,
  test,
  remove,
  onChange,
}: ConnectedCardProps) {
  const error = test.error ?? remove.error
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Title order={3} size="h4" className="anywhere">
          {name}
        </Title>
        {children}
        <Text size="sm">
          {lastUsedAt ? (
            <>
              Last used <Moment at={lastUsedAt} />
            </>
          ) : (
            'Not used yet'
          )}
        </Text>
        {error && <ProblemNote error={error} />}
        {test.data && (
          <Alert
            role="status"
            color={test.data.ok ? 'teal' : 'red'}
            title={test.data.ok ? 'It works' : 'It does not work'}
          >
            {test.data.detail}
          </Alert>
        )}
        <Group gap="xs">
          <Button variant="default" loading={test.isPending} onClick={() => test.mutate(credentialRef)}>
            Test
          </Button>
          <Button variant="default" onClick={onChange}>
            Change
          </Button>
          <ConfirmButton
            label="Disconnect"
            question={`Disconnect ${name}?`}
            explain="The key is removed from the vault. Agents that use this account are incomplete until you choose another, and nothing more can be sent with it."
            danger
            loading={remove.isPending}
            onConfirm={() => remove.mutate(credentialRef)}
          />
        </Group>
      </Stack>
    </Card>
  )
}
