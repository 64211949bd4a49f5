/** Key and limits of an exchange account, entered for a customer. */

import { Button, PasswordInput, Stack, TagsInput, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import { blankSetup, setupBody, useStoreSetup, type SetupValues } from './exchangeAccounts'
import type { ExchangeSetup } from './queries'
import { Refusal } from './Refusal'

interface ExchangeSetupFormProps {
  customerId: string
  known: ExchangeSetup | undefined
  onDone: () => void
}

export function ExchangeSetupForm({ customerId, known, onDone }: ExchangeSetupFormProps) {
  const [values, setValues] = useState(() => blankSetup(known))
  const storing = useStoreSetup(onDone)
  const change = (next: Partial<SetupValues>) => setValues({ ...values, ...next })

  function submit(event: FormEvent) {
    event.preventDefault()
    storing.mutate(setupBody(values, customerId, known?.credential_ref))
  }

  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="sm">
        <Keys values={values} onChange={change} />
        <Bounds values={values} onChange={change} />
        <Refusal error={storing.error} />
        <Button type="submit" loading={storing.isPending}>
          Store in the vault
        </Button>
      </Stack>
    </form>
  )
}

interface FieldsProps {
  values: SetupValues
  onChange: (next: Partial<SetupValues>) => void
}

function Keys({ values, onChange }: FieldsProps) {
  return (
    <>
      <PasswordInput
        label="API key"
        description="Goes straight to the vault and is never shown again"
        autoComplete="off"
        required
        data-autofocus
        value={values.apiKey}
        onChange={(event) => onChange({ apiKey: event.currentTarget.value })}
      />
      <PasswordInput
        label="API secret"
        autoComplete="off"
        required
        value={values.apiSecret}
        onChange={(event) => onChange({ apiSecret: event.currentTarget.value })}
      />
    </>
  )
}

function Bounds({ values, onChange }: FieldsProps) {
  return (
    <>
      <TagsInput
        label="Allowed coins"
        description="Their symbols, like BTC; press Enter after each"
        required
        value={values.allowedCoins}
        onChange={(allowedCoins) => onChange({ allowedCoins })}
      />
      <TextInput
        label="Default coin"
        required
        value={values.defaultCoin}
        onChange={(event) => onChange({ defaultCoin: event.currentTarget.value })}
      />
      <TextInput
        label="Most units of a coin in one order"
        inputMode="decimal"
        required
        value={values.maxUnits}
        onChange={(event) => onChange({ maxUnits: event.currentTarget.value })}
      />
      <TextInput
        label="Most value of one order (INR)"
        description="Empty: no limit of its own"
        inputMode="decimal"
        value={values.maxNotional}
        onChange={(event) => onChange({ maxNotional: event.currentTarget.value })}
      />
    </>
  )
}
