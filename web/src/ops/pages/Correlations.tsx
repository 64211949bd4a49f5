/** Where a correlation id is pasted to follow one request through all services. */

import { Button, Group, Text, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'

import { Page } from '../../ui/Page'
import { isUuid } from '../links'

export function Correlations() {
  const navigate = useNavigate()
  const [id, setId] = useState('')
  const [error, setError] = useState<string>()

  function submit(event: FormEvent) {
    event.preventDefault()
    const wanted = id.trim().toLowerCase()
    if (!isUuid(wanted)) return setError('A correlation id looks like 01890a5d-ac96-774b-bcce-b302099a8057.')
    void navigate({ to: '/correlations/$id', params: { id: wanted } as never })
  }

  return (
    <Page
      title="Follow a request"
      about="Every refusal shows a correlation id, every answer has it as X-Correlation-ID, every log line too."
    >
      <form onSubmit={submit}>
        <Group align="flex-start">
          <TextInput
            label="Correlation id"
            miw={{ base: '100%', xs: 380 }}
            value={id}
            error={error}
            onChange={(event) => setId(event.currentTarget.value)}
          />
          <Button type="submit" mt={25}>
            Follow
          </Button>
        </Group>
      </form>
      <Text size="sm" c="dimmed">
        Wherever this portal shows a request, its id leads to the same place.
      </Text>
    </Page>
  )
}
