/** The fields of an exchange account: its keys, and the limits that hold for all who use it. */

import { PasswordInput, Select, TagsInput, Text, TextInput } from '@mantine/core'

import { withCoins, type ExchangeValues } from './exchangeSetup'

interface ExchangeFieldsProps {
  values: ExchangeValues
  onChange: (values: ExchangeValues) => void
}

export function ExchangeFields({ values, onChange }: ExchangeFieldsProps) {
  const change = (next: Partial<ExchangeValues>) => onChange({ ...values, ...next })
  return (
    <>
      <PasswordInput
        label="API key"
        description="It goes to the vault and is never shown again."
        autoComplete="off"
        required
        data-autofocus
        value={values.apiKey}
        onChange={(event) => change({ apiKey: event.currentTarget.value })}
      />
      <PasswordInput
        label="API secret"
        description="Give the key the right to trade and to read, never to withdraw."
        autoComplete="off"
        required
        value={values.apiSecret}
        onChange={(event) => change({ apiSecret: event.currentTarget.value })}
      />
      <TagsInput
        label="Coins that may be traded"
        description="By their symbols; press Enter after each."
        value={values.allowedCoins}
        onChange={(coins) => onChange(withCoins(values, coins))}
      />
      <Select
        label="First choice"
        data={values.allowedCoins}
        value={values.defaultCoin || null}
        allowDeselect={false}
        onChange={(coin) => change({ defaultCoin: coin ?? '' })}
      />
      <TextInput
        label="Largest order, in units of the coin"
        inputMode="decimal"
        required
        value={values.maxUnits}
        onChange={(event) => change({ maxUnits: event.currentTarget.value })}
      />
      <TextInput
        label="Largest order, in INR (leave it empty for no limit)"
        inputMode="decimal"
        value={values.maxNotional}
        onChange={(event) => change({ maxNotional: event.currentTarget.value })}
      />
    </>
  )
}

export function KeysCleared() {
  return <Text size="sm">The keys were cleared from this page; type them again.</Text>
}
