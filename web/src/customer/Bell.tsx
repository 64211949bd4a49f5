/** The bell: how many notifications are unread, and the way to them. */

import { ActionIcon, Indicator } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { unreadQuery } from './queries/notifications'

export function Bell() {
  const { data } = useQuery(unreadQuery)
  const count = data?.items.length ?? 0
  const shown = data?.next_cursor ? `${count}+` : String(count)
  return (
    <Indicator label={shown} size={18} disabled={count === 0} color="red.9" aria-hidden={false}>
      <ActionIcon
        component={Link}
        to="/notifications"
        variant="default"
        size="lg"
        aria-label={count === 0 ? 'Notifications' : `Notifications, ${shown} unread`}
      >
        <IconBell size={18} aria-hidden />
      </ActionIcon>
    </Indicator>
  )
}
