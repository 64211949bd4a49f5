/** Where notifications are sent besides the bell: the channels, and what was delivered there. */

import { Button, Card, Collapse, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'

import { ConfirmButton } from '../../ui/ConfirmButton'
import { Moment } from '../../ui/Moment'
import { Loaded } from '../../ui/Page'
import { ProblemNote } from '../../ui/ProblemNote'
import { channelsQuery, useDeleteChannel } from '../queries/connections'
import type { NotificationChannel } from '../wire'
import { ChannelDeliveries } from './ChannelDeliveries'
import { ChannelForm } from './ChannelForm'

export function ChannelsSection() {
  const channels = useQuery(channelsQuery)
  return (
    <Stack component="section" gap="xs" aria-labelledby="channels">
      <Title order={2} size="h3" id="channels">
        Notification channels
      </Title>
      <Loaded
        of={channels}
        empty={{
          when: ({ items }) => items.length === 0,
          show: (
            <Text>
              None yet. Notifications are under the bell; add a channel to get them by mail or chat too.
            </Text>
          ),
        }}
      >
        {({ items }) => (
          <Stack gap="xs">
            {items.map((channel) => (
              <ChannelCard key={channel.channel_id} channel={channel} />
            ))}
          </Stack>
        )}
      </Loaded>
      <Card withBorder>
        <ChannelForm />
      </Card>
    </Stack>
  )
}

function ChannelCard({ channel }: { channel: NotificationChannel }) {
  const remove = useDeleteChannel()
  const [isOpen, { toggle }] = useDisclosure()
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Title order={3} size="h4">
          {channel.scheme}, address ending in {channel.url_last4}
        </Title>
        <Text size="sm">
          Added <Moment at={channel.created_at} />
        </Text>
        {remove.error && <ProblemNote error={remove.error} />}
        <Group gap="xs">
          <Button variant="default" aria-expanded={isOpen} onClick={toggle}>
            {isOpen ? 'Hide what was sent' : 'What was sent'}
          </Button>
          <ConfirmButton
            label="Remove"
            question="Remove this channel?"
            explain="Nothing more is sent there. Notifications stay under the bell."
            danger
            loading={remove.isPending}
            onConfirm={() => remove.mutate(channel.channel_id)}
          />
        </Group>
        <Collapse expanded={isOpen}>
          {isOpen && <ChannelDeliveries channelId={channel.channel_id} />}
        </Collapse>
      </Stack>
    </Card>
  )
}
