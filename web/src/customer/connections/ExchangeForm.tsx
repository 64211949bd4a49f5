/** Connecting an exchange account: its keys, and the limits that hold for all who use it. */

import { Button, Group, PasswordInput, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState, type FormEvent } from 'react'

import { ProblemNote } from '../../ui/ProblemNote'
import { useKeepExchange } from '../queries/connections'
import type { ExchangeSetup } from '../wire'
import { providerName } from './platforms'

interface ExchangeFormProps {
  before: ExchangeSetup | undefined
  onDone: () => void
}

const PROVIDER: ExchangeSetup['exchange_provider'] = 'delta_exchange_india'
const NO_KEYS = { api_key: '', api_secret: '' }

export function ExchangeForm({ before, onDone }: ExchangeFormProps) {
  const keep = useKeepExchange()
  const [keys, setKeys] = useState(NO_KEYS)
  const [limits, setLimits] = useState({
    allowed_coins: before?.allowed_coins ?? ['BTC'],
    default_coin: before?.default_coin ?? 'BTC',
    max_units_per_order: before?.max_units_per_order ?? '',
    max_notional_inr: before?.max_notional_inr ?? '',
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    const { max_notional_inr, ...needed } = limits
    keep.mutate(
      {
        exchange_provider: PROVIDER,
        ...keys,
        ...needed,
        ...(max_notional_inr !== '' && { max_notional_inr }),
        ...(before && { credential_ref: before.credential_ref }),
      },
      {
        onSuccess: ({ api_key_last4 }) => {
          notifications.show({ message: `Connected: key ending in ${api_key_last4}` })
          keep.reset()
          onDone()
        },
      },
    )
    setKeys(NO_KEYS)
  }

  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <Text fw={600}>
          {before ? `New keys for ${providerName(PROVIDER)}` : `Connect ${providerName(PROVIDER)}`}
        </Text>
        <PasswordInput
          label="API key"
          autoComplete="off"
          required
          value={keys.api_key}
          onChange={(event) => setKeys({ ...keys, api_key: event.currentTarget.value })}
        />
        <PasswordInput
          label="API secret"
          description="Give the key the right to trade and to read, never to withdraw."
          autoComplete="off"
          required
          value={keys.api_secret}
          onChange={(event) => setKeys({ ...keys, api_secret: event.currentTarget.value })}
        />
        <TagsInput
          label="Coins that may be traded"
          description="By their symbols; press Enter after each."
          value={limits.allowed_coins}
          onChange={(coins) => {
            const allowed_coins = coins.map((coin) => coin.trim().toUpperCase())
            const keeps = allowed_coins.includes(limits.default_coin)
            setLimits({
              ...limits,
              allowed_coins,
              default_coin: keeps ? limits.default_coin : (allowed_coins[0] ?? ''),
            })
          }}
        />
        <Select
          label="First choice"
          data={limits.allowed_coins}
          value={limits.default_coin || null}
          allowDeselect={false}
          onChange={(coin) => setLimits({ ...limits, default_coin: coin ?? '' })}
        />
        <TextInput
          label="Largest order, in units of the coin"
          inputMode="decimal"
          required
          value={limits.max_units_per_order}
          onChange={(event) => setLimits({ ...limits, max_units_per_order: event.currentTarget.value })}
        />
        <TextInput
          label="Largest order, in INR (leave it empty for no limit)"
          inputMode="decimal"
          value={limits.max_notional_inr}
          onChange={(event) => setLimits({ ...limits, max_notional_inr: event.currentTarget.value })}
        />
        {keep.error && <ProblemNote error={keep.error} />}
        {keep.error && <Text size="sm">The keys were cleared from this page; type them again.</Text>}
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
