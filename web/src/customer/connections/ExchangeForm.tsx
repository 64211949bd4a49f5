/** Connecting an exchange account of one's own. */

import { Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState, type FormEvent } from 'react'

import { ExchangeFields, KeysCleared } from '../../ui/ExchangeFields'
import { NO_KEYS, setupFrom, valuesFrom } from '../../ui/exchangeSetup'
import { ProblemNote } from '../../ui/ProblemNote'
import { useKeepExchange } from '../queries/connections'
import type { ExchangeSetup } from '../wire'
import { providerName } from './platforms'

interface ExchangeFormProps {
  before: ExchangeSetup | undefined
  onDone: () => void
}

export function ExchangeForm({ before, onDone }: ExchangeFormProps) {
  const keep = useKeepExchange()
  const [values, setValues] = useState(() => valuesFrom(before))
  const setup = setupFrom(values)
  const exchange = providerName(setup.exchange_provider)

  function submit(event: FormEvent) {
    event.preventDefault()
    keep.mutate(
      { ...setup, ...(before && { credential_ref: before.credential_ref }) },
      {
        onSuccess: ({ api_key_last4 }) => {
          notifications.show({ message: `Connected: key ending in ${api_key_last4}` })
          keep.reset()
          onDone()
        },
      },
    )
    setValues({ ...values, ...NO_KEYS })
  }

  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <Text fw={600}>{before ? `New keys for ${exchange}` : `Connect ${exchange}`}</Text>
        <ExchangeFields values={values} onChange={setValues} />
        {keep.error && <ProblemNote error={keep.error} />}
        {keep.error && <KeysCleared />}
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
