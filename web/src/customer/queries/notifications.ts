/** Notifications: the list, how many are unread, and marking them read. */

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, cp } from '../../api/client'

const COUNTED = '100'

export function fetchNotifications(onlyUnread: boolean, cursor?: string) {
  const query = { ...(onlyUnread && { unread: 'true' }), ...(cursor && { cursor }) }
  return answer(cp.GET('/api/v1/notifications', { params: { query } }))
}

export const unreadQuery = queryOptions({
  queryKey: ['notifications', 'unread'],
  queryFn: () =>
    answer(cp.GET('/api/v1/notifications', { params: { query: { unread: 'true', limit: COUNTED } } })),
})

export function useMarkRead() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (ids: string[]) =>
      Promise.all(
        ids.map((id) =>
          answer(
            cp.POST('/api/v1/notifications/{notification_id}/read', {
              params: { path: { notification_id: id } },
            }),
          ),
        ),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['notifications'] }),
  })
}
