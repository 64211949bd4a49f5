/** Live updates: the portal says which topics changed, and every query whose key begins with one is read again. */

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'

import { useForgetSession } from './session'

const AGAIN_MS = 15_000

export function useLiveUpdates(url: string, enabled: boolean): void {
  const queries = useQueryClient()
  const forget = useForgetSession()
  const onSignedOut = useEffectEvent(forget)

  useEffect(() => {
    if (!enabled) return
    let source: EventSource
    let again: number | undefined
    let wasLost = false

    /** The browser connects again by itself unless it was refused; then it is done here, later. */
    function onLost() {
      wasLost = true
      if (source.readyState === EventSource.CLOSED) again = window.setTimeout(connect, AGAIN_MS)
    }
    function onOpen() {
      if (wasLost) void queries.invalidateQueries()
      wasLost = false
    }
    function onChanged(event: MessageEvent<string>) {
      const { topics } = JSON.parse(event.data) as { topics: string[] }
      for (const topic of topics) void queries.invalidateQueries({ queryKey: [topic] })
    }
    function connect() {
      source = new EventSource(url)
      source.addEventListener('changed', onChanged)
      source.addEventListener('open', onOpen)
      source.addEventListener('error', onLost)
      source.addEventListener('signed_out', () => {
        source.close()
        onSignedOut()
      })
    }

    connect()
    return () => {
      window.clearTimeout(again)
      source.close()
    }
  }, [url, enabled, queries])
}
