/** Connecting an account on one platform: its token, and as whom it posts. */

import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState, type FormEvent } from 'react'

import { ProblemNote } from '../../ui/ProblemNote'
import { useKeepPlatform } from '../queries/connections'
import type { Platform, PlatformCredential } from '../wire'
import { PLATFORMS } from './platforms'

interface PlatformFormProps {
  platform: Platform
  before: PlatformCredential | undefined
  onDone: () => void
}

const NO_TOKENS = { access: '', refresh: '' }

export function PlatformForm({ platform, before, onDone }: PlatformFormProps) {
  const needs = PLATFORMS[platform]
  const keep = useKeepPlatform()
  const [tokens, setTokens] = useState(NO_TOKENS)
  const [identity, setIdentity] = useState(before?.posting_identity ?? '')

  function submit(event: FormEvent) {
    event.preventDefault()
    keep.mutate(
      {
        platform,
        access_token: tokens.access,
        ...(tokens.refresh !== '' && { refresh_token: tokens.refresh }),
        ...(identity.trim() !== '' && { posting_identity: identity.trim() }),
        ...(before && { credential_ref: before.credential_ref }),
      },
      {
        onSuccess: () => {
          notifications.show({ message: `Connected: ${needs.name}` })
          keep.reset()
          onDone()
        },
      },
    )
    setTokens(NO_TOKENS)
  }

  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <Text fw={600}>{before ? `A new token for ${needs.name}` : `Connect ${needs.name}`}</Text>
        <TextInput
          label={needs.identity}
          description={needs.identityHelp}
          autoComplete="off"
          required={needs.isIdentityNeeded}
          value={identity}
          onChange={(event) => setIdentity(event.currentTarget.value)}
        />
        <PasswordInput
          label={needs.token}
          description={needs.tokenHelp}
          autoComplete="off"
          required
          value={tokens.access}
          onChange={(event) => setTokens({ ...tokens, access: event.currentTarget.value })}
        />
        {needs.takesRefreshToken && (
          <PasswordInput
            label="Refresh token"
            description="With it the access token is renewed by itself. You can leave it out."
            autoComplete="off"
            value={tokens.refresh}
            onChange={(event) => setTokens({ ...tokens, refresh: event.currentTarget.value })}
          />
        )}
        {keep.error && <ProblemNote error={keep.error} />}
        {keep.error && <Text size="sm">The token was cleared from this page; type it again.</Text>}
        <Group>
          <Button type="submit" loading={keep.isPending}>
            Connect
          </Button>
          <Button variant="default" onClick={onDone}>
            Back
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
