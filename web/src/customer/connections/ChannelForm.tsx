/** Adding a channel by its address, which holds its token and is therefore a secret. */

import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState, type FormEvent } from 'react'

import { ProblemNote } from '../../ui/ProblemNote'
import { useKeepChannel } from '../queries/connections'

export function ChannelForm() {
  const keep = useKeepChannel()
  const [url, setUrl] = useState('')

  function submit(event: FormEvent) {
    event.preventDefault()
    keep.mutate(url, {
      onSuccess: ({ scheme }) => {
        notifications.show({ message: `Added: ${scheme}` })
        keep.reset()
      },
    })
    setUrl('')
  }

  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <PasswordInput
          label="Address of a new channel"
          description="In the form of Apprise, with its token: mailtos://, slack://, discord://, tgram://, ntfys://, msteams:// or pover://"
          autoComplete="off"
          required
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        {keep.error && <ProblemNote error={keep.error} />}
        {keep.error && <Text size="sm">The address was cleared from this page; type it again.</Text>}
        <Group>
          <Button type="submit" variant="default" loading={keep.isPending}>
            Add the channel
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
