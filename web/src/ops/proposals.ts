/** Approvals that wait for a second operator: reading them, confirming, declining. Only this portal knows of them. */

import { queryOptions } from '@tanstack/react-query'

import { answer, pp } from '../api/client'
import type { components } from '../api/pp'
import { useChange } from './approvals'
import type { OfCustomer } from './queries'

export type Proposal = components['schemas']['ApprovalProposal']

/** Live updates tell of Plant's changes only, so what may change is looked at again and again. */
const SOON_MS = 5_000
const MOST = 200

export interface ProposalFilter extends OfCustomer {
  deliverable_id?: string
}

export const waitingProposals = (query: ProposalFilter) =>
  queryOptions({
    queryKey: ['approval_proposals', 'waiting', query],
    queryFn: () =>
      answer(
        pp.GET('/api/pp/approval-proposals', {
          params: { query: { ...query, state: 'waiting', limit: MOST } },
        }),
      ),
    refetchInterval: ({ state: { data } }) =>
      data && (data.four_eyes || data.items.length > 0) ? SOON_MS : false,
  })

export const proposalQuery = (id: string) =>
  queryOptions({
    queryKey: ['approval_proposals', id],
    queryFn: () =>
      answer(pp.GET('/api/pp/approval-proposals/{proposal_id}', { params: { path: { proposal_id: id } } })),
    refetchInterval: ({ state: { data } }) => (data?.state === 'waiting' ? SOON_MS : false),
  })

export interface Confirming {
  proposalId: string
  /** The hash of what the page showed, computed by the page. */
  shownHash: string
}

export function useConfirmation() {
  return useChange(({ proposalId, shownHash }: Confirming) =>
    answer(
      pp.POST('/api/pp/approval-proposals/{proposal_id}/confirm', {
        params: { path: { proposal_id: proposalId } },
        body: { action_hash: shownHash },
      }),
    ),
  )
}

export type Confirmation = ReturnType<typeof useConfirmation>

export interface Declining {
  proposalId: string
  notes?: string
}

export function useDecline() {
  return useChange(({ proposalId, notes }: Declining) =>
    answer(
      pp.POST('/api/pp/approval-proposals/{proposal_id}/decline', {
        params: { path: { proposal_id: proposalId } },
        body: notes === undefined ? {} : { notes },
      }),
    ),
  )
}
