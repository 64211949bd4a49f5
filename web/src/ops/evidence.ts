/** What the operators' pages read of evidence: denials, usage, decision traces, timelines, the audit log. */

import { queryOptions } from '@tanstack/react-query'

import { answer, pp } from '../api/client'
import type { components } from '../api/pp'

type Schemas = components['schemas']
export type PolicyDenial = Schemas['PolicyDenial']
export type UsageEvent = Schemas['UsageEvent']
export type DecisionTrace = Schemas['DecisionTrace']
export type AuditRow = Schemas['AuditRow']
export type AuditHead = Schemas['AuditHead']
export type AuditVerdict = Schemas['AuditVerdict']
export type AuditExport = Schemas['AuditExport']
export type TimelineRecord = Schemas['shared__contracts__timelines__TimelineEntry']

export interface EvidenceFilter {
  customer_id?: string
  correlation_id?: string
  agent_id?: string
  action?: string
  reason?: string
  from?: string
  to?: string
}

export const denialsPage = (query: EvidenceFilter) => (cursor: string | undefined) =>
  answer(pp.GET('/api/pp/policy-denials', { params: { query: { ...query, cursor } } }))

export const recentDenials = queryOptions({
  queryKey: ['denials', 'recent'],
  queryFn: () => answer(pp.GET('/api/pp/policy-denials', { params: { query: { limit: '5' } } })),
})

export const usagePage = (query: EvidenceFilter) => (cursor: string | undefined) =>
  answer(pp.GET('/api/pp/usage-events', { params: { query: { ...query, cursor } } }))

export const tracesPage = (query: EvidenceFilter) => (cursor: string | undefined) =>
  answer(pp.GET('/api/pp/decision-traces', { params: { query: { ...query, cursor } } }))

export const traceQuery = (id: string) =>
  queryOptions({
    queryKey: ['traces', id],
    queryFn: () =>
      answer(pp.GET('/api/pp/decision-traces/{trace_id}', { params: { path: { trace_id: id } } })),
  })

/** What was done under a correlation id grows for a while: executions go on after the request. */
export const correlationQuery = (id: string) =>
  queryOptions({
    queryKey: ['executions', 'correlation', id],
    queryFn: () =>
      answer(pp.GET('/api/pp/correlations/{correlation_id}', { params: { path: { correlation_id: id } } })),
  })

export const auditHeadsPage = (cursor: string | undefined) =>
  answer(pp.GET('/api/pp/audit/heads', { params: { query: { cursor } } }))

export const auditRowsPage = (customerId: string) => (cursor: string | undefined) =>
  answer(pp.GET('/api/pp/audit', { params: { query: { customer_id: customerId, cursor } } }))

export const verifyAudit = (customerId: string) =>
  answer(pp.GET('/api/pp/audit/verify', { params: { query: { customer_id: customerId } } }))

/** The whole chain, stretch by stretch, as the offline verifier takes it. */
export async function exportAudit(customerId: string): Promise<AuditExport[]> {
  const stretches: AuditExport[] = []
  let after: number | null = 0
  while (after !== null) {
    const stretch: AuditExport = await answer(
      pp.GET('/api/pp/audit/export', {
        params: { query: { customer_id: customerId, after: String(after), limit: '1000' } },
      }),
    )
    stretches.push(stretch)
    after = stretch.next_after
  }
  return stretches
}
