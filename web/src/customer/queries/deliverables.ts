/** Deliverables, the approvals of them, and deciding: approve, reject, acknowledge, execute, revoke. */

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, cp } from '../../api/client'
import type { Approval, Deliverable, DeliverableState, ShownDeliverable } from '../wire'

interface Wanted {
  state?: DeliverableState | undefined
  instanceId?: string | undefined
  limit?: number
}

export function fetchDeliverables({ state, instanceId, limit = 50 }: Wanted, cursor?: string) {
  const query = { limit: String(limit), ...(state && { state }), ...(cursor && { cursor }) }
  if (instanceId === undefined) return answer(cp.GET('/api/v1/deliverables', { params: { query } }))
  return answer(
    cp.GET('/api/v1/hired-agents/{hired_instance_id}/deliverables', {
      params: { path: { hired_instance_id: instanceId }, query },
    }),
  )
}

export function deliverablesQuery(wanted: Wanted) {
  return queryOptions({
    queryKey: ['deliverables', 'newest', wanted],
    queryFn: () => fetchDeliverables(wanted),
  })
}

export function deliverableQuery(deliverableId: string) {
  return queryOptions({
    queryKey: ['deliverables', deliverableId],
    queryFn: () =>
      answer(
        cp.GET('/api/v1/deliverables/{deliverable_id}', {
          params: { path: { deliverable_id: deliverableId } },
        }),
      ),
    staleTime: 0,
  })
}

/** The newest approval of a deliverable, or null. */
export function approvalOfQuery(deliverableId: string) {
  return queryOptions({
    queryKey: ['approvals', { deliverableId }],
    queryFn: async (): Promise<Approval | null> => {
      const found = await answer(
        cp.GET('/api/cp/approvals', { params: { query: { deliverable_id: deliverableId, limit: 1 } } }),
      )
      return found.items[0] ?? null
    },
    staleTime: 0,
  })
}

export function approvalQuery(approvalId: string) {
  return queryOptions({
    queryKey: ['approvals', approvalId],
    queryFn: () =>
      answer(cp.GET('/api/cp/approvals/{approval_id}', { params: { path: { approval_id: approvalId } } })),
  })
}

/** Answered or not, the page has looked at the true state again before anything can be pressed once more. */
function useLookAgain() {
  const queries = useQueryClient()
  return () =>
    Promise.all(
      [['deliverables'], ['approvals'], ['executions']].map((queryKey) =>
        queries.invalidateQueries({ queryKey }),
      ),
    )
}

export function useApprove() {
  const onSettled = useLookAgain()
  return useMutation({
    mutationFn: (body: ShownDeliverable & { notes?: string }) =>
      answer(cp.POST('/api/cp/approvals', { body })),
    onSettled,
  })
}

export function useApproveTogether() {
  const onSettled = useLookAgain()
  return useMutation({
    mutationFn: (items: ShownDeliverable[]) =>
      answer(cp.POST('/api/cp/approvals/batch', { body: { items } })),
    onSettled,
  })
}

interface Decision {
  deliverable: Deliverable
  decision: 'rejected' | 'acknowledged'
  notes?: string | undefined
}

export function useDecide() {
  const onSettled = useLookAgain()
  return useMutation({
    mutationFn: ({ deliverable, decision, notes }: Decision) =>
      answer(
        cp.POST('/api/v1/deliverables/{deliverable_id}/review', {
          params: { path: { deliverable_id: deliverable.deliverable_id } },
          body: { decision, ...(notes && { notes }) },
        }),
      ),
    onSettled,
  })
}

export function useExecute() {
  const onSettled = useLookAgain()
  return useMutation({
    mutationFn: ({ deliverableId, approvalId }: { deliverableId: string; approvalId: string }) =>
      answer(
        cp.POST('/api/v1/deliverables/{deliverable_id}/execute', {
          params: { path: { deliverable_id: deliverableId } },
          body: { approval_id: approvalId },
        }),
      ),
    onSettled,
  })
}

export function useRevoke() {
  const onSettled = useLookAgain()
  return useMutation({
    mutationFn: (approvalId: string) =>
      answer(
        cp.POST('/api/cp/approvals/{approval_id}/revoke', { params: { path: { approval_id: approvalId } } }),
      ),
    onSettled,
  })
}
