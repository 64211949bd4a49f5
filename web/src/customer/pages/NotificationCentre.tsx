/** All notifications, newest first; each leads to what it is about, and is read by following it. */

import { Anchor, Button, Group, Paper, Stack, Switch, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { Moment } from '../../ui/Moment'
import { Empty, Loaded, Page } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { ProblemNote } from '../../ui/ProblemNote'
import { isOwnPath } from '../../ui/routing'
import { VisibleText } from '../../ui/VisibleText'
import { fetchNotifications, useMarkRead } from '../queries/notifications'
import type { Notification } from '../wire'

export function NotificationCentre() {
  const [onlyUnread, setOnlyUnread] = useState(false)
  const { items, query, more } = useList<Notification>(['notifications', 'list', onlyUnread], (cursor) =>
    fetchNotifications(onlyUnread, cursor),
  )
  const markRead = useMarkRead()
  const unread = items.filter((one) => one.read_at === null)
  return (
    <Page
      title="Notifications"
      actions={
        <Button
          variant="default"
          disabled={unread.length === 0}
          loading={markRead.isPending}
          onClick={() => markRead.mutate(unread.map((one) => one.notification_id))}
        >
          Mark all shown as read
        </Button>
      }
    >
      <Switch
        label="Only unread"
        checked={onlyUnread}
        onChange={(event) => setOnlyUnread(event.currentTarget.checked)}
      />
      {markRead.error && <ProblemNote error={markRead.error} />}
      <Loaded
        of={query}
        empty={{
          when: (all) => all.length === 0,
          show: <Empty title={onlyUnread ? 'Nothing unread' : 'No notifications yet'} />,
        }}
      >
        {() => (
          <Stack component="ul" gap="xs" p={0} m={0} className="plain-list">
            {items.map((one) => (
              <Line key={one.notification_id} notification={one} onRead={(id) => markRead.mutate([id])} />
            ))}
          </Stack>
        )}
      </Loaded>
      {more}
      <Text>
        They can also be sent to you by mail or chat:{' '}
        <Anchor component={Link} to="/connections" underline="always">
          set up a channel
        </Anchor>
        .
      </Text>
    </Page>
  )
}

interface LineProps {
  notification: Notification
  onRead: (id: string) => void
}

function Line({ notification, onRead }: LineProps) {
  const isUnread = notification.read_at === null
  return (
    <Paper component="li" withBorder p="sm">
      <Group justify="space-between">
        <Stack gap={2} flex={1} miw={200}>
          <Anchor
            component={Link}
            to={ownPath(notification.link)}
            underline="always"
            fw={isUnread ? 700 : 400}
            onClick={() => isUnread && onRead(notification.notification_id)}
          >
            <VisibleText text={notification.summary} />
          </Anchor>
          <Text size="sm">
            {isUnread ? 'Unread · ' : ''}
            <Moment at={notification.created_at} />
          </Text>
        </Stack>
        {isUnread && (
          <Button size="xs" variant="default" onClick={() => onRead(notification.notification_id)}>
            Mark read
          </Button>
        )}
      </Group>
    </Paper>
  )
}

/** A notification leads to a page of this portal, or to the start. */
function ownPath(link: string): string {
  return isOwnPath(link) ? link : '/'
}
