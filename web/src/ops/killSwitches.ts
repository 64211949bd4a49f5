/** What a kill switch covers, in words, and how one is set. */

import { useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, pp } from '../api/client'
import { killSwitchesQuery } from './queries'

export type ScopeKind = 'platform' | 'provider' | 'customer' | 'hired_agent'

export const SCOPE_KINDS: readonly { value: ScopeKind; label: string; of?: string }[] = [
  { value: 'platform', label: 'Everything' },
  { value: 'provider', label: 'One exchange or platform', of: 'Its name, like delta_exchange_india' },
  { value: 'customer', label: 'One customer', of: 'Customer id' },
  { value: 'hired_agent', label: 'One hired agent', of: 'Hired agent id' },
]

export interface Scope {
  kind: ScopeKind
  of: string
}

export function scopeOf(text: string): Scope {
  const [kind = '', ...rest] = text.split(':')
  const known = SCOPE_KINDS.find(({ value }) => value === kind)
  return { kind: known?.value ?? 'platform', of: rest.join(':') }
}

export function scopeText({ kind, of }: Scope): string {
  return kind === 'platform' ? kind : `${kind}:${of.trim()}`
}

const COVERS: Record<ScopeKind, string> = {
  platform: 'everything, for everybody',
  provider: 'everything that goes to',
  customer: 'everything of customer',
  hired_agent: 'everything of hired agent',
}

export function coverage(text: string): string {
  const { kind, of } = scopeOf(text)
  return `${COVERS[kind]} ${of}`.trim()
}

export interface Setting {
  scope: string
  engaged: boolean
  reason: string
}

export function useKillSwitch(onDone: () => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ scope, ...body }: Setting) =>
      answer(pp.PUT('/api/pp/kill-switches/{scope}', { params: { path: { scope } }, body })),
    onSuccess: onDone,
    onSettled: () => queries.invalidateQueries({ queryKey: killSwitchesQuery.queryKey }),
  })
}
