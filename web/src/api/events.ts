/** Live updates: the portal says which topics changed, and every query whose key begins with one is read again. */

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'

import { useForgetSession } from './session'

export function useLiveUpdates(url: string, enabled: boolean): void {
  const queries = useQueryClient()
  const forget = useForgetSession()
  const onSignedOut = useEffectEvent(forget)

  useEffect(() => {
    if (!enabled) return
    const source = new EventSource(url)
    let wasLost = false
    source.addEventListener('changed', (event: MessageEvent<string>) => {
      const { topics } = JSON.parse(event.data) as { topics: string[] }
      for (const topic of topics) void queries.invalidateQueries({ queryKey: [topic] })
    })
    source.addEventListener('signed_out', () => {
      source.close()
      onSignedOut()
    })
    source.addEventListener('error', () => (wasLost = true))
    source.addEventListener('open', () => {
      if (wasLost) void queries.invalidateQueries()
      wasLost = false
    })
    return () => source.close()
  }, [url, enabled, queries])
}
