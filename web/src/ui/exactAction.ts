/** The bytes of an action as an approval binds them (RFC 8785), and their hash, computed of what the page shows. */

import canonicalize from 'canonicalize'
import { useEffect, useState } from 'react'

import type { components } from '../api/cp'

export type Action = components['schemas']['Action']

export interface ShownHash {
  hash?: string
  failure?: string
}

export function canonicalText(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('this has no canonical form')
  return text
}

export async function hashOf(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalText(value))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return `sha256:${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** A hash of an earlier action is never given for a later one. */
export function useShownHash(action: Action): ShownHash {
  const [found, setFound] = useState<{ of: Action; shown: ShownHash }>()

  useEffect(() => {
    let isCurrent = true
    const keep = (shown: ShownHash) => isCurrent && setFound({ of: action, shown })
    hashOf(action).then(
      (hash) => keep({ hash }),
      (error: unknown) => keep({ failure: String(error) }),
    )
    return () => {
      isCurrent = false
    }
  }, [action])

  return found?.of === action ? found.shown : {}
}
