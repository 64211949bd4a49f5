/** Exchange accounts: those that are connected, and connecting one. */

import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { Loaded } from '../../ui/Page'
import { exchangesQuery, useDeleteExchange, useTestExchange } from '../queries/connections'
import type { ExchangeSetup } from '../wire'
import { ConnectedCard } from './ConnectedCard'
import { ExchangeForm } from './ExchangeForm'
import { providerName } from './platforms'

type Editing = 'new' | ExchangeSetup | undefined

export function ExchangeSection({ startsOpen }: { startsOpen: boolean }) {
  const exchanges = useQuery(exchangesQuery)
  const [editing, setEditing] = useState<Editing>(startsOpen ? 'new' : undefined)
  const before = editing === 'new' ? undefined : editing
  return (
    <Stack component="section" gap="xs" aria-labelledby="exchanges">
      <Title order={2} size="h3" id="exchanges">
        Exchanges
      </Title>
      <Loaded
        of={exchanges}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <Text>None connected. An agent that trades needs one.</Text>,
        }}
      >
        {({ items }) => (
          <Stack gap="xs">
            {items.map((setup) => (
              <ExchangeCard key={setup.credential_ref} setup={setup} onChange={() => setEditing(setup)} />
            ))}
          </Stack>
        )}
      </Loaded>
      {editing === undefined ? (
        <Group>
          <Button variant="default" onClick={() => setEditing('new')}>
            Connect an exchange account
          </Button>
        </Group>
      ) : (
        <Card withBorder>
          <ExchangeForm
            key={before?.credential_ref ?? 'new'}
            before={before}
            onDone={() => setEditing(undefined)}
          />
        </Card>
      )}
    </Stack>
  )
}

function ExchangeCard({ setup, onChange }: { setup: ExchangeSetup; onChange: () => void }) {
  const test = useTestExchange()
  const remove = useDeleteExchange()
  return (
    <ConnectedCard
      name={`${providerName(setup.exchange_provider)}, key ending in ${setup.api_key_last4}`}
      credentialRef={setup.credential_ref}
      lastUsedAt={setup.last_used_at}
      test={test}
      remove={remove}
      onChange={onChange}
    >
      <Text>
        Coins: {setup.allowed_coins.join(', ')} (first choice {setup.default_coin}). One order: at most{' '}
        {setup.max_units_per_order} units of the coin
        {setup.max_notional_inr && ` and INR ${setup.max_notional_inr}`}.
      </Text>
    </ConnectedCard>
  )
}
