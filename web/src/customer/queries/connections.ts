/** Accounts that are connected: exchanges, platforms, and where notifications are sent. */

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, cp } from '../../api/client'
import type { ExchangeSetupRequest, PlatformCredentialRequest } from '../wire'

const LONGEST_PAGE = { params: { query: { limit: 200 } } }

export const exchangesQuery = queryOptions({
  queryKey: ['connections', 'exchanges'],
  queryFn: () => answer(cp.GET('/api/cp/exchange-setup', LONGEST_PAGE)),
})

export const platformsQuery = queryOptions({
  queryKey: ['connections', 'platforms'],
  queryFn: () => answer(cp.GET('/api/cp/platform-credentials', LONGEST_PAGE)),
})

export const channelsQuery = queryOptions({
  queryKey: ['notifications', 'channels'],
  queryFn: () => answer(cp.GET('/api/cp/notification-channels', LONGEST_PAGE)),
})

export function fetchDeliveries(channelId: string, cursor?: string) {
  return answer(
    cp.GET('/api/cp/notification-channels/{channel_id}/deliveries', {
      params: { path: { channel_id: channelId }, query: { limit: 20, ...(cursor && { cursor }) } },
    }),
  )
}

/** A credential that comes or goes may complete a configuration, or leave one incomplete. */
function useConnectionsChanged() {
  const queries = useQueryClient()
  return () =>
    Promise.all(
      [['connections'], ['hired_agents']].map((queryKey) => queries.invalidateQueries({ queryKey })),
    )
}

function useChannelsChanged() {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ['notifications', 'channels'] })
}

/** Nothing of a secret stays in the page's memory of what it sent. */
const FORGOTTEN_AT_ONCE = { gcTime: 0 } as const

export function useKeepExchange() {
  const onSuccess = useConnectionsChanged()
  return useMutation({
    ...FORGOTTEN_AT_ONCE,
    mutationFn: (body: ExchangeSetupRequest) => answer(cp.PUT('/api/cp/exchange-setup', { body })),
    onSuccess,
  })
}

export function useDeleteExchange() {
  const onSettled = useConnectionsChanged()
  return useMutation({
    mutationFn: (ref: string) =>
      answer(
        cp.DELETE('/api/cp/exchange-setup/{credential_ref}', { params: { path: { credential_ref: ref } } }),
      ),
    onSettled,
  })
}

export function useTestExchange() {
  return useMutation({
    mutationFn: (ref: string) =>
      answer(
        cp.POST('/api/cp/exchange-setup/{credential_ref}/test', {
          params: { path: { credential_ref: ref } },
        }),
      ),
  })
}

export function useKeepPlatform() {
  const onSuccess = useConnectionsChanged()
  return useMutation({
    ...FORGOTTEN_AT_ONCE,
    mutationFn: (body: PlatformCredentialRequest) => answer(cp.PUT('/api/cp/platform-credentials', { body })),
    onSuccess,
  })
}

export function useDeletePlatform() {
  const onSettled = useConnectionsChanged()
  return useMutation({
    mutationFn: (ref: string) =>
      answer(
        cp.DELETE('/api/cp/platform-credentials/{credential_ref}', {
          params: { path: { credential_ref: ref } },
        }),
      ),
    onSettled,
  })
}

export function useTestPlatform() {
  return useMutation({
    mutationFn: (ref: string) =>
      answer(
        cp.POST('/api/cp/platform-credentials/{credential_ref}/test', {
          params: { path: { credential_ref: ref } },
        }),
      ),
  })
}

export function useKeepChannel() {
  const onSuccess = useChannelsChanged()
  return useMutation({
    ...FORGOTTEN_AT_ONCE,
    mutationFn: (url: string) => answer(cp.PUT('/api/cp/notification-channels', { body: { url } })),
    onSuccess,
  })
}

export function useDeleteChannel() {
  const onSettled = useChannelsChanged()
  return useMutation({
    mutationFn: (channelId: string) =>
      answer(
        cp.DELETE('/api/cp/notification-channels/{channel_id}', {
          params: { path: { channel_id: channelId } },
        }),
      ),
    onSettled,
  })
}
