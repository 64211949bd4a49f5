/** The bell: how many notifications are unread, and the way to them. */

import { ActionIcon, Indicator } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import type { ListPage } from '../ui/Pager'
import { unreadQuery } from './queries/notifications'

export function Bell() {
  const { data } = useQuery(unreadQuery)
  const shown = unreadWords(data)
  const isNone = shown === undefined
  return (
    <Indicator label={shown} size={18} disabled={isNone} color="red.9" aria-hidden={false}>
      <ActionIcon
        component={Link}
        to="/notifications"
        variant="default"
        size="lg"
        aria-label={isNone ? 'Notifications' : `Notifications, ${shown} unread`}
      >
        <IconBell size={18} aria-hidden />
      </ActionIcon>
    </Indicator>
  )
}

/** How many are unread as far as they were counted; undefined when none is. */
export function unreadWords(page: ListPage<unknown> | undefined): string | undefined {
  const counted = page?.items.length ?? 0
  if (counted === 0) return undefined
  return page?.next_cursor ? `${counted}+` : String(counted)
}
