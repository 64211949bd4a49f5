/** Executions and the evidence of them: usage, denials, decision traces, the audit chain. */

import { queryOptions } from '@tanstack/react-query'

import { answer, cp } from '../../api/client'
import type { ExecutionState } from '../wire'

const MOVING: ReadonlySet<ExecutionState> = new Set<ExecutionState>([
  'released',
  'sending',
  'unknown',
  'open',
  'partially_filled',
])
const LOOK_EVERY_MS = 2_000

export function isMoving(state: ExecutionState): boolean {
  return MOVING.has(state)
}

function of(cursor: string | undefined) {
  return { params: { query: cursor ? { cursor } : {} } }
}

export function fetchExecutions(cursor?: string) {
  return answer(cp.GET('/api/v1/executions', of(cursor)))
}

export function executionsQuery(limit: number) {
  return queryOptions({
    queryKey: ['executions', 'newest', limit],
    queryFn: () => answer(cp.GET('/api/v1/executions', { params: { query: { limit: String(limit) } } })),
  })
}

/** Looked at again by itself while it moves, should live updates fail. */
export function executionQuery(executionId: string) {
  return queryOptions({
    queryKey: ['executions', executionId],
    queryFn: () =>
      answer(
        cp.GET('/api/v1/executions/{execution_id}', { params: { path: { execution_id: executionId } } }),
      ),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && isMoving(state.data.state) ? LOOK_EVERY_MS : false),
  })
}

export function fetchAudit(cursor?: string) {
  return answer(cp.GET('/api/v1/audit', of(cursor)))
}

export function verifyAudit() {
  return answer(cp.GET('/api/v1/audit/verify'))
}

export function fetchDenials(cursor?: string) {
  return answer(cp.GET('/api/v1/policy-denials', of(cursor)))
}

export function fetchTraces(cursor?: string) {
  return answer(cp.GET('/api/v1/decision-traces', of(cursor)))
}

export function traceQuery(traceId: string) {
  return queryOptions({
    queryKey: ['traces', traceId],
    queryFn: () =>
      answer(cp.GET('/api/v1/decision-traces/{trace_id}', { params: { path: { trace_id: traceId } } })),
  })
}

export function fetchUsage(cursor?: string) {
  return answer(cp.GET('/api/v1/usage-events', of(cursor)))
}

export const entitlementQuery = queryOptions({
  queryKey: ['usage', 'entitlement'],
  queryFn: () => answer(cp.GET('/api/v1/entitlement')),
})
