/** Key and limits of an exchange account, entered for a customer. */

import { Button, Stack } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import { ExchangeFields, KeysCleared } from '../ui/ExchangeFields'
import { NO_KEYS, setupFrom, valuesFrom } from '../ui/exchangeSetup'
import { useStoreSetup } from './exchangeAccounts'
import type { ExchangeSetup } from './queries'
import { Refusal } from './Refusal'

interface ExchangeSetupFormProps {
  customerId: string
  known: ExchangeSetup | undefined
  onDone: () => void
}

export function ExchangeSetupForm({ customerId, known, onDone }: ExchangeSetupFormProps) {
  const [values, setValues] = useState(() => valuesFrom(known))
  const storing = useStoreSetup(onDone)

  function submit(event: FormEvent) {
    event.preventDefault()
    storing.mutate({
      ...setupFrom(values),
      customer_id: customerId,
      ...(known && { credential_ref: known.credential_ref }),
    })
    setValues({ ...values, ...NO_KEYS })
  }

  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="sm">
        <ExchangeFields values={values} onChange={setValues} />
        <Refusal error={storing.error} />
        {storing.error && <KeysCleared />}
        <Button type="submit" loading={storing.isPending}>
          Store in the vault
        </Button>
      </Stack>
    </form>
  )
}
