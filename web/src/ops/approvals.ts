/** Approving in a customer's place, with proof that they agreed, or proposing it; and taking it back. */

import { useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, pp } from '../api/client'
import type { components } from '../api/pp'

export type Consent = components['schemas']['Consent']

export interface Assisted {
  deliverableId: string
  customerId: string
  /** The hash of what the page showed, computed by the page. */
  shownHash: string
  consent: Consent
}

const CHANGED = ['approval_proposals', 'approvals', 'deliverables', 'executions', 'denials']

export function useChange<Wanted, Answered>(change: (wanted: Wanted) => Promise<Answered>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () => Promise.all(CHANGED.map((topic) => queries.invalidateQueries({ queryKey: [topic] }))),
  })
}

/** Where four eyes are demanded, what comes back is a proposal. */
export function useAssistedApproval() {
  return useChange(({ deliverableId, customerId, shownHash, consent }: Assisted) =>
    answer(
      pp.POST('/api/pp/approvals', {
        body: {
          deliverable_id: deliverableId,
          customer_id: customerId,
          action_hash: shownHash,
          consent,
        },
      }),
    ),
  )
}

export type AssistedMutation = ReturnType<typeof useAssistedApproval>

export function useRevocation() {
  return useChange((approvalId: string) =>
    answer(
      pp.POST('/api/pp/approvals/{approval_id}/revoke', { params: { path: { approval_id: approvalId } } }),
    ),
  )
}

export interface Carrying {
  deliverableId: string
  customerId: string
  approvalId: string
}

/** The same door as everywhere: an approval is used once, whoever presses how often. */
export function useCarryOut() {
  return useChange(({ deliverableId, customerId, approvalId }: Carrying) =>
    answer(
      pp.POST('/api/pp/deliverables/{deliverable_id}/execute', {
        params: { path: { deliverable_id: deliverableId }, query: { customer_id: customerId } },
        body: { approval_id: approvalId },
      }),
    ),
  )
}
