/** Accounts on platforms: those that are connected, and connecting one. */

import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { Loaded } from '../../ui/Page'
import { platformsQuery, useDeletePlatform, useTestPlatform } from '../queries/connections'
import type { Platform, PlatformCredential } from '../wire'
import { ConnectedCard } from './ConnectedCard'
import { PlatformForm } from './PlatformForm'
import { PLATFORM_NAMES, PLATFORMS } from './platforms'

interface Editing {
  platform: Platform
  before?: PlatformCredential
}

export function PlatformsSection({ asked }: { asked: Platform | undefined }) {
  const platforms = useQuery(platformsQuery)
  const [editing, setEditing] = useState<Editing | undefined>(asked && { platform: asked })
  return (
    <Stack component="section" gap="xs" aria-labelledby="platforms">
      <Title order={2} size="h3" id="platforms">
        Platforms
      </Title>
      <Loaded
        of={platforms}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <Text>None connected. An agent that posts needs one for each platform.</Text>,
        }}
      >
        {({ items }) => (
          <Stack gap="xs">
            {items.map((credential) => (
              <PlatformCard
                key={credential.credential_ref}
                credential={credential}
                onChange={() => setEditing({ platform: credential.platform, before: credential })}
              />
            ))}
          </Stack>
        )}
      </Loaded>
      {editing ? (
        <Card withBorder>
          <PlatformForm
            key={`${editing.platform}-${editing.before?.credential_ref ?? 'new'}`}
            platform={editing.platform}
            before={editing.before}
            onDone={() => setEditing(undefined)}
          />
        </Card>
      ) : (
        <Group gap="xs">
          {PLATFORM_NAMES.map((platform) => (
            <Button key={platform} variant="default" onClick={() => setEditing({ platform })}>
              Connect {PLATFORMS[platform].name}
            </Button>
          ))}
        </Group>
      )}
    </Stack>
  )
}

function PlatformCard({ credential, onChange }: { credential: PlatformCredential; onChange: () => void }) {
  const test = useTestPlatform()
  const remove = useDeletePlatform()
  const { name } = PLATFORMS[credential.platform]
  return (
    <ConnectedCard
      name={credential.posting_identity ? `${name}: ${credential.posting_identity}` : name}
      credentialRef={credential.credential_ref}
      lastUsedAt={credential.last_used_at}
      test={test}
      remove={remove}
      onChange={onChange}
    >
      <Text>
        Token ending in {credential.access_token_last4}
        {credential.has_refresh_token && ', renewed by itself'}
      </Text>
    </ConnectedCard>
  )
}
